package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal has Neutron's status and type, and changes nothing. The requests are made in a small cloud whose ids are named in braces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final Cloud cloud = new Cloud();
    private final Map<String, String> names = new LinkedHashMap<>();

    @BeforeAll
    void build() {
        names.put("nobody", NOBODY);
        names.put("net", cloud.network());
        names.put("sub", cloud.subnet(names.get("net"), "10.0.0.0/24"));
        names.put("tiny", cloud.subnet(cloud.network(), "10.9.0.0/30"));
        names.put("tinynet", cloud.get("subnets/" + names.get("tiny")).text("network_id"));
        cloud.port(names.get("tinynet"), "").ok();
        names.put("group", cloud.group("web"));
        names.put(
                "stateless",
                cloud.post("security-groups", "{'security_group':{'name':'x','stateful':false}}")
                        .id());
        names.put(
                "default",
                Cloud.all(cloud.get("security-groups?name=default"), "id").getFirst());
        names.put(
                "port",
                cloud.port(
                                names.get("net"),
                                ",'fixed_ips':[{'ip_address':'10.0.0.50'}],'mac_address':'fa:16:3e:00:00:01','security_groups':['"
                                        + names.get("group") + "']")
                        .id());
        buildRouters();
        buildRules();
    }

    private void buildRouters() {
        names.put("router", cloud.router());
        names.put("apart", cloud.router());
        names.put(
                "rport",
                cloud.put(
                                "routers/" + names.get("router") + "/add_router_interface",
                                "{'subnet_id':'" + names.get("sub") + "'}")
                        .ok()
                        .body()
                        .path("port_id")
                        .asString(""));
        cloud.put(
                        "routers/" + names.get("router"),
                        "{'router':{'routes':[{'destination':'172.16.0.0/16','nexthop':'10.0.0.9'}]}}")
                .ok();
        var overlapping = cloud.subnet(cloud.network(), "10.0.0.128/25");
        names.put("overlapping", overlapping);
        names.put("bare", cloud.port(cloud.network(), "").id());
    }

    private void buildRules() {
        names.put("rule", rule("'direction':'ingress','protocol':'tcp','port_range_min':80,'port_range_max':80"));
        names.put(
                "ag",
                cloud.post("address-groups", "{'address_group':{'name':'a','addresses':['10.1.0.0/24']}}")
                        .id());
        rule("'direction':'ingress','remote_address_group_id':'" + names.get("ag") + "'");
        names.put("remote", cloud.group("remote"));
        rule("'direction':'ingress','remote_group_id':'" + names.get("remote") + "'");
    }

    private String rule(String attributes) {
        return cloud.post(
                        "security-group-rules",
                        "{'security_group_rule':{'security_group_id':'" + names.get("group") + "'," + attributes + "}}")
                .id();
    }

    @AfterAll
    void close() {
        cloud.close();
    }

    /** A request, and the answer that it must have. */
    record Case(String method, String path, String body, int status, String type) {}

    private static Case post(String plural, String attributes, int status, String type) {
        var singular = plural.substring(0, plural.length() - 1).replace('-', '_');
        return new Case("POST", plural, "{'%s':{%s}}".formatted(singular, attributes), status, type);
    }

    private static Case subnet(String attributes, int status, String type) {
        return post("subnets", "'network_id':'{net}'," + attributes, status, type);
    }

    private static Case port(String attributes, int status, String type) {
        return post("ports", "'network_id':'{net}'," + attributes, status, type);
    }

    private static Case rule(String attributes, int status, String type) {
        return post(
                "security-group-rules",
                "'security_group_id':'{group}','direction':'ingress'," + attributes,
                status,
                type);
    }

    private static Case put(String path, String attributes, int status, String type) {
        var plural = path.substring(0, path.indexOf('/'));
        var singular = plural.substring(0, plural.length() - 1).replace('-', '_');
        return new Case("PUT", path, "{'%s':{%s}}".formatted(singular, attributes), status, type);
    }

    private static Case action(String path, String body, int status, String type) {
        return new Case("PUT", path, "{" + body + "}", status, type);
    }

    private static Case delete(String path, int status, String type) {
        return new Case("DELETE", path, "", status, type);
    }

    static Stream<Case> bodies() {
        return Stream.of(
                new Case("POST", "networks", "", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "[]", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'network':[]}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'network':{},'x':1}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'network':{'name':'a','name':'b'}}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'networks':[]}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'networks':{}}", 400, "HTTPBadRequest"),
                new Case("POST", "networks", "{'networks':[1]}", 400, "HTTPBadRequest"),
                post("networks", "'nam':'x'", 400, "HTTPBadRequest"),
                post("networks", "'name':7", 400, "HTTPBadRequest"),
                post("networks", "'id':'{nobody}'", 400, "HTTPBadRequest"),
                post("networks", "'mtu':1", 400, "HTTPBadRequest"),
                post("networks", "'project_id':'a','tenant_id':'b'", 400, "HTTPBadRequest"),
                put("networks/{net}", "'id':'{nobody}'", 400, "HTTPBadRequest"),
                new Case("PATCH", "networks", "", 405, "HTTPMethodNotAllowed"),
                new Case("GET", "unicorns", "", 404, "HTTPNotFound"),
                new Case("GET", "extensions/unicorn", "", 404, "HTTPNotFound"),
                new Case("GET", "networks?colour=blue", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?limit=-1", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?limit=x", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?sort_key=colour", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?sort_key=name&sort_dir=up", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?sort_key=name&sort_dir=asc&sort_dir=asc", "", 400, "HTTPBadRequest"),
                new Case("GET", "networks?limit=1&marker={nobody}", "", 404, "NetworkNotFound"),
                new Case("GET", "networks/{nobody}", "", 404, "NetworkNotFound"),
                new Case("GET", "networks/not-an-id", "", 404, "NetworkNotFound"),
                new Case("DELETE", "networks/{net}", "{'network':{}}", 400, "HTTPBadRequest"));
    }

    static Stream<Case> networksAndSubnets() {
        return Stream.of(
                post("networks", "'provider:network_type':'vlan'", 400, "InvalidInput"),
                post("networks", "'provider:physical_network':'p'", 400, "InvalidInput"),
                post("networks", "'provider:segmentation_id':16777216", 400, "InvalidInput"),
                put("networks/{nobody}", "'name':'x'", 404, "NetworkNotFound"),
                delete("networks/{nobody}", 404, "NetworkNotFound"),
                delete("networks/{net}", 409, "NetworkInUse"),
                post("subnets", "'network_id':'{nobody}','cidr':'10.5.0.0/24','ip_version':4", 404, "NetworkNotFound"),
                post("subnets", "'network_id':'{net}','ip_version':4", 400, "BadRequest"),
                subnet("'cidr':'10.5.0.0/33','ip_version':4", 400, "HTTPBadRequest"),
                subnet("'cidr':'0.0.0.0/0','ip_version':4", 400, "InvalidInput"),
                subnet("'cidr':'10.5.0.0/24','ip_version':5", 400, "HTTPBadRequest"),
                subnet("'cidr':'10.5.0.0/24','ip_version':6", 400, "InvalidInput"),
                subnet("'cidr':'10.0.0.128/25','ip_version':4", 400, "InvalidInput"),
                subnet("'cidr':'10.5.0.0/31','ip_version':4", 400, "InvalidInput"),
                subnet("'cidr':'224.0.0.0/24','ip_version':4", 400, "InvalidInput"),
                subnet("'cidr':'127.0.0.0/24','ip_version':4", 400, "InvalidInput"),
                subnet("'cidr':'10.5.0.0/24','ip_version':4,'gateway_ip':'10.6.0.1'", 400, "InvalidInput"),
                subnet("'cidr':'10.5.0.0/24','ip_version':4,'gateway_ip':'10.5.0.255'", 400, "InvalidInput"),
                subnet("'cidr':'10.5.0.0/24','ip_version':4,'gateway_ip':'fd00::1'", 400, "InvalidInput"),
                pools("{'start':'10.5.0.9','end':'10.5.0.8'}", 400, "InvalidAllocationPool"),
                pools("{'start':'10.5.0.9','end':'10.6.0.8'}", 400, "OutOfBoundsAllocationPool"),
                pools("{'start':'10.5.0.1','end':'10.5.0.8'}", 409, "GatewayConflictWithAllocationPools"),
                pools(
                        "{'start':'10.5.0.2','end':'10.5.0.8'},{'start':'10.5.0.8','end':'10.5.0.9'}",
                        409,
                        "OverlappingAllocationPools"),
                subnet("'cidr':'10.5.0.0/24','ip_version':4,'dns_nameservers':['fd00::1']", 400, "InvalidInput"),
                subnet(
                        "'cidr':'10.5.0.0/24','ip_version':4,'host_routes':[{'destination':'fd00::/64','nexthop':'10.5.0.9'}]",
                        400,
                        "InvalidInput"),
                subnet("'cidr':'10.5.0.0/24','ip_version':4,'ipv6_ra_mode':'slaac'", 400, "InvalidInput"),
                subnet("'cidr':'fd05::/80','ip_version':6,'ipv6_address_mode':'slaac'", 400, "InvalidInput"),
                subnet(
                        "'cidr':'fd05::/64','ip_version':6,'ipv6_address_mode':'slaac','ipv6_ra_mode':'dhcpv6-stateful'",
                        400,
                        "InvalidInput"),
                put("subnets/{sub}", "'gateway_ip':'10.0.0.2'", 409, "GatewayConflictWithAllocationPools"),
                put(
                        "subnets/{sub}",
                        "'gateway_ip':'10.0.0.2','allocation_pools':[{'start':'10.0.0.10','end':'10.0.0.20'}]",
                        409,
                        "GatewayIpInUse"),
                put("subnets/{sub}", "'cidr':'10.5.0.0/24'", 400, "HTTPBadRequest"),
                put("subnets/{nobody}", "'name':'x'", 404, "SubnetNotFound"),
                delete("subnets/{sub}", 409, "SubnetInUse"));
    }

    private static Case pools(String pools, int status, String type) {
        return subnet("'cidr':'10.5.0.0/24','ip_version':4,'allocation_pools':[" + pools + "]", status, type);
    }

    static Stream<Case> ports() {
        return Stream.of(
                post("ports", "'network_id':'{nobody}'", 404, "NetworkNotFound"),
                post("ports", "'name':'x'", 400, "HTTPBadRequest"),
                port("'mac_address':'fa:16:3e:00:00:01'", 409, "MacAddressInUse"),
                port("'mac_address':'01:00:5e:00:00:01'", 400, "HTTPBadRequest"),
                port("'mac_address':'nonsense'", 400, "HTTPBadRequest"),
                port("'fixed_ips':[{'ip_address':'10.0.0.50'}]", 409, "IpAddressAlreadyAllocated"),
                port("'fixed_ips':[{'ip_address':'10.7.0.50'}]", 400, "InvalidIpForNetwork"),
                port("'fixed_ips':[{'ip_address':'10.7.0.50','subnet_id':'{sub}'}]", 400, "InvalidIpForSubnet"),
                port("'fixed_ips':[{'ip_address':'10.0.0.255'}]", 400, "InvalidIpForSubnet"),
                port("'fixed_ips':[{'subnet_id':'{tiny}'}]", 400, "InvalidInput"),
                port("'fixed_ips':[{}]", 400, "InvalidInput"),
                port("'fixed_ips':[{'ip_address':'10.0.0.60'},{'ip_address':'10.0.0.60'}]", 400, "HTTPBadRequest"),
                post("ports", "'network_id':'{tinynet}'", 409, "IpAddressGenerationFailure"),
                port("'security_groups':['{nobody}']", 404, "SecurityGroupNotFound"),
                port("'security_groups':['{group}','{stateless}']", 409, "SecurityGroupConflict"),
                port(
                        "'port_security_enabled':false,'security_groups':['{group}']",
                        400,
                        "PortSecurityAndIPRequiredForSecurityGroups"),
                port(
                        "'port_security_enabled':false,'allowed_address_pairs':[{'ip_address':'10.0.0.7'}]",
                        409,
                        "AddressPairAndPortSecurityRequired"),
                port(
                        "'mac_address':'fa:16:3e:00:00:09','allowed_address_pairs':[{'ip_address':'10.0.0.7'},{'ip_address':'10.0.0.7','mac_address':'fa:16:3e:00:00:09'}]",
                        400,
                        "DuplicateAddressPairInRequest"),
                put("ports/{port}", "'port_security_enabled':false", 409, "PortSecurityPortHasSecurityGroup"),
                put("ports/{port}", "'fixed_ips':[{'ip_address':'10.0.0.1'}]", 409, "IpAddressAlreadyAllocated"),
                put("ports/{port}", "'network_id':'{net}'", 400, "HTTPBadRequest"),
                put("ports/{nobody}", "'name':'x'", 404, "PortNotFound"),
                delete("ports/{rport}", 409, "ServicePortInUse"),
                delete("ports/{nobody}", 404, "PortNotFound"));
    }

    static Stream<Case> routers() {
        return Stream.of(
                put("routers/{nobody}", "'name':'x'", 404, "RouterNotFound"),
                delete("routers/{router}", 409, "RouterInUse"),
                put(
                        "routers/{router}",
                        "'routes':[{'destination':'1.0.0.0/8','nexthop':'9.9.9.9'}]",
                        400,
                        "InvalidRoutes"),
                put(
                        "routers/{router}",
                        "'routes':[{'destination':'1.0.0.0/8','nexthop':'10.0.0.1'}]",
                        400,
                        "InvalidRoutes"),
                post("routers", "'routes':[{'destination':'1.0.0.0/8','nexthop':'10.0.0.1'}]", 400, "InvalidRoutes"),
                action("routers/{nobody}/add_router_interface", "'subnet_id':'{sub}'", 404, "RouterNotFound"),
                action("routers/{router}/add_router_interface", "", 400, "BadRequest"),
                action("routers/{router}/add_router_interface", "'subnet':'{sub}'", 400, "BadRequest"),
                action("routers/{router}/add_router_interface", "'subnet_id':7", 400, "BadRequest"),
                action("routers/{router}/add_router_interface", "'subnet_id':'{sub}'", 400, "BadRequest"),
                action("routers/{router}/add_router_interface", "'subnet_id':'{overlapping}'", 400, "BadRequest"),
                action("routers/{apart}/add_router_interface", "'subnet_id':'{sub}'", 409, "IpAddressAlreadyAllocated"),
                action("routers/{router}/add_router_interface", "'subnet_id':'{nobody}'", 404, "SubnetNotFound"),
                action("routers/{router}/add_router_interface", "'port_id':'{nobody}'", 404, "PortNotFound"),
                action("routers/{router}/add_router_interface", "'port_id':'{bare}'", 400, "BadRequest"),
                action("routers/{apart}/add_router_interface", "'port_id':'{rport}'", 409, "PortInUse"),
                action(
                        "routers/{router}/add_router_interface",
                        "'port_id':'{port}','subnet_id':'{sub}'",
                        400,
                        "BadRequest"),
                action(
                        "routers/{router}/remove_router_interface",
                        "'subnet_id':'{sub}'",
                        409,
                        "RouterInterfaceInUseByRoute"),
                action(
                        "routers/{apart}/remove_router_interface",
                        "'subnet_id':'{sub}'",
                        404,
                        "RouterInterfaceNotFoundForSubnet"),
                action(
                        "routers/{apart}/remove_router_interface",
                        "'port_id':'{rport}'",
                        404,
                        "RouterInterfaceNotFound"),
                action(
                        "routers/{router}/remove_router_interface",
                        "'port_id':'{rport}','subnet_id':'{tiny}'",
                        400,
                        "SubnetMismatchForPort"));
    }

    static Stream<Case> groups() {
        return Stream.of(
                post("security-groups", "'name':'default'", 409, "SecurityGroupDefaultAlreadyExists"),
                put("security-groups/{default}", "'name':'x'", 409, "SecurityGroupCannotUpdateDefault"),
                put("security-groups/{group}", "'stateful':false", 409, "SecurityGroupInUse"),
                put("security-groups/{nobody}", "'name':'x'", 404, "SecurityGroupNotFound"),
                delete("security-groups/{group}", 409, "SecurityGroupInUse"),
                delete("security-groups/{remote}", 409, "SecurityGroupInUse"),
                post(
                        "security-group-rules",
                        "'security_group_id':'{nobody}','direction':'ingress'",
                        404,
                        "SecurityGroupNotFound"),
                post("security-group-rules", "'security_group_id':'{group}'", 400, "HTTPBadRequest"),
                post("security-group-rules", "'security_group_id':'{group}','direction':'up'", 400, "HTTPBadRequest"),
                rule("'protocol':'tcp','port_range_min':80,'port_range_max':80", 409, "SecurityGroupRuleExists"),
                rule("'protocol':'6','port_range_min':80,'port_range_max':80", 409, "SecurityGroupRuleExists"),
                rule("'protocol':'tcp','port_range_min':81,'port_range_max':80", 400, "SecurityGroupInvalidPortRange"),
                rule("'protocol':'tcp','port_range_min':81", 400, "SecurityGroupInvalidPortRange"),
                rule("'protocol':'tcp','port_range_min':0,'port_range_max':80", 400, "SecurityGroupInvalidPortValue"),
                rule(
                        "'protocol':'tcp','port_range_min':1,'port_range_max':65536",
                        400,
                        "SecurityGroupInvalidPortValue"),
                rule("'protocol':'tcp','port_range_min':-16,'port_range_max':80", 400, "SecurityGroupInvalidPortValue"),
                rule("'protocol':'tcp','port_range_min':'x'", 400, "HTTPBadRequest"),
                rule("'port_range_min':1,'port_range_max':80", 400, "SecurityGroupProtocolRequiredWithPorts"),
                rule(
                        "'protocol':'gre','port_range_min':1,'port_range_max':80",
                        400,
                        "SecurityGroupInvalidProtocolForPort"),
                rule("'protocol':'icmp','port_range_max':0", 400, "SecurityGroupMissingIcmpType"),
                rule("'protocol':'icmp','port_range_min':256", 400, "SecurityGroupInvalidIcmpValue"),
                rule("'protocol':'xyz'", 400, "SecurityGroupRuleInvalidProtocol"),
                rule("'protocol':256", 400, "SecurityGroupRuleInvalidProtocol"),
                rule("'protocol':'ipv6-icmp'", 400, "SecurityGroupEthertypeConflictWithProtocol"),
                rule("'remote_ip_prefix':'fd00::/8'", 400, "SecurityGroupRuleParameterConflict"),
                rule(
                        "'remote_ip_prefix':'10.0.0.0/8','remote_group_id':'{group}'",
                        400,
                        "SecurityGroupMultipleRemoteEntites"),
                rule("'remote_group_id':'{nobody}'", 404, "SecurityGroupNotFound"),
                rule("'remote_group_id':'no group'", 404, "SecurityGroupNotFound"),
                rule("'remote_address_group_id':'{nobody}'", 404, "AddressGroupNotFound"),
                delete("security-group-rules/{nobody}", 404, "SecurityGroupRuleNotFound"),
                new Case(
                        "POST",
                        "security-group-rules",
                        "{'security_group_rules':[{'security_group_id':'{group}','direction':'egress','protocol':'udp'},"
                                + "{'security_group_id':'{group}','direction':'egress','protocol':'udp'}]}",
                        409,
                        "DuplicateSecurityGroupRuleInPost"),
                delete("address-groups/{ag}", 409, "AddressGroupInUse"),
                delete("address-groups/{nobody}", 404, "AddressGroupNotFound"),
                action(
                        "address-groups/{ag}/add_addresses",
                        "'addresses':['10.1.0.0/24']",
                        400,
                        "AddressesAlreadyExist"),
                action("address-groups/{ag}/remove_addresses", "'addresses':['10.2.0.0/24']", 404, "AddressesNotFound"),
                action("address-groups/{ag}/add_addresses", "'addresses':['x']", 400, "HTTPBadRequest"),
                action("address-groups/{ag}/add_addresses", "", 400, "HTTPBadRequest"));
    }

    @ParameterizedTest
    @MethodSource({"bodies", "networksAndSubnets", "ports", "routers", "groups"})
    void aRefusalHasNeutronsStatusAndTypeAndChangesNothing(Case refused) {
        var path = refused.path();
        var body = refused.body();
        for (var name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
            body = body.replace("{" + name.getKey() + "}", name.getValue());
        }
        long before = cloud.revision();
        var reply = cloud.send(refused.method(), path, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(refused.status());
        assertThat(reply.error()).isEqualTo(refused.type());
        assertThat(cloud.revision()).isEqualTo(before);
    }
}
