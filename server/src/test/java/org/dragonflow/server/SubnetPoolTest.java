package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subnets cut from pools, and scopes around pools. */
class SubnetPoolTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply pool(String attributes, String... headers) {
        return cloud.post("subnetpools", "{'subnetpool':{'name':'p'%s}}".formatted(attributes), headers);
    }

    private Cloud.Reply change(String pool, String attributes) {
        return cloud.put("subnetpools/" + pool, "{'subnetpool':{%s}}".formatted(attributes));
    }

    private Cloud.Reply act(String pool, String action, String body) {
        return cloud.put("subnetpools/" + pool + "/" + action, body);
    }

    private Cloud.Reply cut(String network, String attributes) {
        return cloud.post("subnets", "{'subnet':{'network_id':'%s','ip_version':4,%s}}".formatted(network, attributes));
    }

    private String scope(String attributes) {
        return cloud.post("address-scopes", "{'address_scope':{'name':'s'%s}}".formatted(attributes))
                .id();
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void aPoolMergesItsPrefixesAndKnowsItsBounds() {
        var pool = pool(",'prefixes':['10.0.1.0/24','10.0.0.0/24','10.0.0.128/25']")
                .ok();
        assertThat(pool.get("prefixes")).hasToString("[\"10.0.0.0/23\"]");
        assertThat(pool.get("ip_version").asInt(0)).isEqualTo(4);
        assertThat(pool.text("min_prefixlen")).isEqualTo("8");
        assertThat(pool.text("default_prefixlen")).isEqualTo("8");
        assertThat(pool.get("max_prefixlen").isString()).isTrue();
        assertThat(pool.text("max_prefixlen")).isEqualTo("32");
        assertThat(pool.get("default_quota").isNull()).isTrue();
        var six = pool(",'prefixes':['fd00::/48'],'default_prefixlen':'64'").ok();
        assertThat(six.text("min_prefixlen")).isEqualTo("64");
    }

    @Test
    void aPoolThatMakesNoSenseIsRefused() {
        assertRefused(pool(",'prefixes':[]"), 400, "EmptySubnetPoolPrefixList");
        assertRefused(pool(",'prefixes':['10.0.0.0/8','fd00::/48']"), 400, "PrefixVersionMismatch");
        assertRefused(pool(""), 400, "EmptySubnetPoolPrefixList");
        var bounds = ",'prefixes':['10.0.0.0/8'],";
        assertRefused(pool(bounds + "'min_prefixlen':25,'max_prefixlen':24"), 400, "IllegalSubnetPoolPrefixBounds");
        assertRefused(pool(bounds + "'max_prefixlen':33"), 400, "IllegalSubnetPoolPrefixBounds");
        assertRefused(pool(bounds + "'default_prefixlen':28,'max_prefixlen':24"), 400, "IllegalSubnetPoolPrefixBounds");
        assertRefused(pool(bounds + "'default_prefixlen':8,'min_prefixlen':16"), 400, "IllegalSubnetPoolPrefixBounds");
        var pool = pool(",'prefixes':['10.0.0.0/16']").id();
        assertRefused(change(pool, "'prefixes':['10.1.0.0/16']"), 400, "IllegalSubnetPoolPrefixUpdate");
        assertRefused(cloud.get("subnetpools/00000000-0000-0000-0000-000000000000"), 404, "SubnetPoolNotFound");
    }

    @Test
    void subnetsAreCutFromThePoolWithoutOverlap() {
        var pool = pool(",'prefixes':['10.0.0.0/22'],'default_prefixlen':24,'min_prefixlen':23")
                .id();
        var network = cloud.network();
        var wanted = "'subnetpool_id':'%s'".formatted(pool);
        var first = cut(network, wanted).ok();
        assertThat(first.text("cidr")).isEqualTo("10.0.0.0/24");
        assertThat(first.text("gateway_ip")).isEqualTo("10.0.0.1");
        assertThat(first.text("subnetpool_id")).isEqualTo(pool);
        assertThat(first.get("prefixlen").isMissingNode()).isTrue();
        assertThat(cut(network, wanted + ",'prefixlen':23").ok().text("cidr")).isEqualTo("10.0.2.0/23");
        assertRefused(cut(network, wanted + ",'prefixlen':23"), 409, "SubnetAllocationError");
        assertRefused(cut(network, wanted + ",'cidr':'10.0.0.128/25'"), 409, "SubnetAllocationError");
        assertThat(cut(network, wanted + ",'cidr':'10.0.1.0/26'").ok().text("cidr"))
                .isEqualTo("10.0.1.0/26");
        assertThat(cut(network, wanted + ",'prefixlen':26").ok().text("cidr")).isEqualTo("10.0.1.64/26");
        assertRefused(cut(network, wanted + ",'prefixlen':22"), 400, "MinPrefixSubnetAllocationError");
        assertRefused(cut(network, wanted + ",'prefixlen':33"), 400, "MaxPrefixSubnetAllocationError");
        assertRefused(cut(network, wanted + ",'prefixlen':26,'cidr':'10.0.1.128/26'"), 400, "BadRequest");
        assertRefused(cut(network, "'name':'x'"), 400, "BadRequest");
        assertRefused(cut(network, "'cidr':'192.168.0.0/24'"), 400, "NetworkSubnetPoolAffinityError");
        assertRefused(cloud.delete("subnetpools/" + pool), 400, "SubnetPoolDeleteError");
        cloud.delete("subnets/" + first.id());
        assertThat(cut(network, wanted).ok().text("cidr")).isEqualTo("10.0.0.0/24");
    }

    @Test
    void aProjectHasItsShareOfAPool() {
        var pool = pool(",'prefixes':['10.0.0.0/16'],'default_quota':512,'default_prefixlen':24")
                .id();
        var network = cloud.network();
        var wanted = "'subnetpool_id':'%s'".formatted(pool);
        cut(network, wanted).ok();
        cut(network, wanted).ok();
        assertRefused(cut(network, wanted + ",'prefixlen':32,'enable_dhcp':false"), 409, "SubnetPoolQuotaExceeded");
    }

    @Test
    void oneDefaultPoolIsUsedForEachIpVersion() {
        var network = cloud.network();
        assertRefused(cut(network, "'use_default_subnetpool':true"), 400, "BadRequest");
        var pool = pool(",'prefixes':['10.0.0.0/16'],'default_prefixlen':26,'is_default':true")
                .id();
        assertRefused(pool(",'prefixes':['10.9.0.0/16'],'is_default':true"), 400, "InvalidInput");
        pool(",'prefixes':['fd00::/48'],'is_default':true").ok();
        assertThat(cut(network, "'use_default_subnetpool':true").ok().text("cidr"))
                .isEqualTo("10.0.0.0/26");
        change(pool, "'is_default':false").ok();
        pool(",'prefixes':['10.9.0.0/16'],'is_default':true").ok();
        assertRefused(
                pool(",'prefixes':['10.9.0.0/16'],'is_default':true", Cloud.member("m")), 403, "PolicyNotAuthorized");
    }

    private Cloud.Reply delegate(String network, String attributes) {
        return cloud.post(
                "subnets",
                "{'subnet':{'network_id':'%s','subnetpool_id':'prefix_delegation',%s}}".formatted(network, attributes));
    }

    @Test
    void aPrefixIsDelegatedFromTheDefaultPoolOfIpv6() {
        var network = cloud.network();
        var modes = "'ipv6_ra_mode':'slaac','ipv6_address_mode':'slaac'";
        assertRefused(delegate(network, "'ip_version':6," + modes), 400, "BadRequest");
        var pool = pool(",'prefixes':['fd00::/48'],'min_prefixlen':48,'default_prefixlen':56,'is_default':true")
                .id();
        assertRefused(delegate(network, "'ip_version':4"), 400, "BadRequest");
        assertRefused(delegate(network, "'ip_version':6"), 400, "BadRequest");
        assertRefused(
                delegate(network, "'ip_version':6," + modes.replace("slaac", "dhcpv6-stateful")), 400, "BadRequest");
        var subnet = delegate(network, "'ip_version':6," + modes).ok();
        assertThat(subnet.text("cidr")).isEqualTo("fd00::/64");
        assertThat(subnet.text("subnetpool_id")).isEqualTo(pool);
        var named = delegate(cloud.network(), "'ip_version':6,'cidr':'fd07::/64'," + modes)
                .ok();
        assertThat(named.text("cidr")).isEqualTo("fd07::/64");
        assertThat(named.get("subnetpool_id").isNull()).isTrue();
    }

    @Test
    void prefixesComeAndGo() {
        var pool = pool(",'prefixes':['10.0.0.0/24']").id();
        assertThat(act(pool, "add_prefixes", "{'prefixes':['10.0.1.0/24']}")
                        .body()
                        .path("prefixes"))
                .hasToString("[\"10.0.0.0/23\"]");
        cut(cloud.network(), "'subnetpool_id':'%s','prefixlen':26".formatted(pool))
                .ok();
        assertRefused(
                act(pool, "remove_prefixes", "{'prefixes':['10.0.0.0/25']}"), 400, "IllegalSubnetPoolPrefixUpdate");
        assertThat(act(pool, "remove_prefixes", "{'prefixes':['10.0.1.0/25']}")
                        .body()
                        .path("prefixes"))
                .hasToString("[\"10.0.0.0/24\",\"10.0.1.128/25\"]");
        assertRefused(act(pool, "add_prefixes", "{'prefixes':['x']}"), 400, "HTTPBadRequest");
        assertRefused(act(pool, "add_prefixes", "{'prefixes':['fd00::/64']}"), 400, "PrefixVersionMismatch");
    }

    @Test
    void theSubnetsOfANetworkAreTakenIntoAPool() {
        var pool = pool(",'prefixes':['10.0.0.0/24']").id();
        var network = cloud.network();
        var subnet = cloud.subnet(network, "192.168.0.0/24");
        cloud.subnet(network, "fd00::/64");
        var taken = act(pool, "onboard_network_subnets", "{'network_id':'%s'}".formatted(network))
                .ok();
        assertThat(taken.body().path(0).path("cidr").asString("")).isEqualTo("192.168.0.0/24");
        assertThat(cloud.get("subnets/" + subnet).text("subnetpool_id")).isEqualTo(pool);
        assertThat(cloud.get("subnetpools/" + pool).get("prefixes")).hasSize(2);
    }

    @Test
    void poolsInAScopeDoNotOverlap() {
        var scope = scope(",'ip_version':4");
        var in = ",'address_scope_id':'%s'".formatted(scope);
        var pool = pool(",'prefixes':['10.0.0.0/16']" + in).id();
        assertRefused(pool(",'prefixes':['10.0.128.0/17']" + in), 409, "AddressScopePrefixConflict");
        assertRefused(
                pool(",'prefixes':['fd00::/48']" + in), 400, "IllegalSubnetPoolIpVersionAssociationToAddressScope");
        var other = pool(",'prefixes':['10.1.0.0/16']" + in).id();
        assertRefused(act(other, "add_prefixes", "{'prefixes':['10.0.3.0/24']}"), 409, "AddressScopePrefixConflict");
        assertRefused(cloud.delete("address-scopes/" + scope), 409, "AddressScopeInUse");
        var network = cloud.network();
        for (var from : new String[] {pool, other}) {
            cut(network, "'prefixlen':24,'subnetpool_id':'%s'".formatted(from)).ok();
        }
        assertThat(cloud.get("networks/" + network).text("ipv4_address_scope")).isEqualTo(scope);
        assertThat(cloud.get("networks/" + network).get("ipv6_address_scope").isNull())
                .isTrue();
        var stray = pool(",'prefixes':['172.16.0.0/16']").id();
        assertRefused(
                cut(network, "'prefixlen':24,'subnetpool_id':'%s'".formatted(stray)),
                400,
                "NetworkAddressScopeAffinityError");
    }

    @Test
    void aSharedScopeStaysShared() {
        var scope = scope(",'ip_version':4,'shared':true");
        assertRefused(
                cloud.put("address-scopes/" + scope, "{'address_scope':{'shared':false}}"),
                400,
                "AddressScopeUpdateError");
        assertThat(cloud.get("address-scopes/" + scope, Cloud.member("m")).status())
                .isEqualTo(200);
        assertThat(cloud.get("address-scopes/" + scope(",'ip_version':6"), Cloud.member("m"))
                        .error())
                .isEqualTo("AddressScopeNotFound");
    }

    @Test
    void aPoolIsInAScopeThatIsThere() {
        var pool = "{'subnetpool':{'name':'p','prefixes':['10.11.12.0/24'],'min_prefixlen':'29','address_scope_id':"
                + "'11111111-7a5c-4f6e-9a1b-0c9d8e7f6a5b'}}";
        assertRefused(cloud.post("subnetpools", pool, Cloud.member("p")), 404, "AddressScopeNotFound");
        assertRefused(cloud.post("subnetpools", pool), 404, "AddressScopeNotFound");
    }

    @Test
    void aSubnetForServicesServesNoOtherPorts() {
        var network = cloud.network();
        cut(network, "'cidr':'10.0.0.0/24','service_types':['compute:nova']").ok();
        assertRefused(cloud.port(network, ""), 409, "IpAddressGenerationFailureNoMatchingSubnet");
        cut(network, "'cidr':'10.1.0.0/24'").ok();
        assertThat(cloud.port(network, ",'device_owner':'compute:nova'")
                        .get("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .isEqualTo("10.0.0.2");
        assertThat(cloud.port(network, "")
                        .get("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .isEqualTo("10.1.0.2");
        assertRefused(cut(network, "'cidr':'10.2.0.0/24','service_types':['x']"), 400, "InvalidSubnetServiceType");
        var own = cloud.post("networks", "{'network':{}}", Cloud.member("p")).id();
        var body = "{'subnet':{'network_id':'" + own
                + "','cidr':'10.3.0.0/24','ip_version':4,'service_types':['test:one']}}";
        assertThat(cloud.post("subnets", body, Cloud.member("p")).status()).isEqualTo(201);
    }

    @Test
    void aPrefixThatIsWrittenWithAHostIsItsBlock() {
        var pool = cloud.post(
                        "subnetpools", "{'subnetpool':{'name':'p','prefixes':['10.11.12.13/24'],'min_prefixlen':'29'}}")
                .ok();
        assertThat(pool.get("prefixes").path(0).asString("")).isEqualTo("10.11.12.0/24");
        var subnet = cloud.post(
                "subnets",
                "{'subnet':{'network_id':'%s','cidr':'10.0.0.5/24','ip_version':4}}".formatted(cloud.network()));
        assertThat(subnet.ok().text("cidr")).isEqualTo("10.0.0.0/24");
        assertThat(subnet.text("gateway_ip")).isEqualTo("10.0.0.1");
    }
}
