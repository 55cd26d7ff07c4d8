package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ports and floating IPs are called in DNS. */
class DnsTest {
    private final Cloud cloud = new Cloud("--api.dns-domain=cloud.example");
    private String network = "";

    @BeforeEach
    void build() {
        network = cloud.post("networks", "{'network':{'router:external':true,'dns_domain':'Example.ORG.'}}")
                .id();
        cloud.subnet(network, "203.0.113.0/24");
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply port(String more) {
        return cloud.port(network, more);
    }

    private Cloud.Reply floating(String more) {
        return cloud.post("floatingips", "{'floatingip':{'floating_network_id':'%s'%s}}".formatted(network, more));
    }

    private static void assertBad(Cloud.Reply reply, String reason) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(400);
        assertThat(reply.message()).contains(reason);
    }

    @Test
    void everyAddressHasANameInTheDomainOfTheCloud() {
        var named = port(",'dns_name':'Web','dns_domain':'Example.NET.','fixed_ips':[{'ip_address':'203.0.113.7'}]")
                .ok();
        assertThat(named.text("dns_name")).isEqualTo("web");
        assertThat(named.text("dns_domain")).isEqualTo("example.net.");
        var assigned = named.get("dns_assignment");
        assertThat(assigned).hasSize(1);
        assertThat(assigned.path(0).path("hostname").asString("")).isEqualTo("web");
        assertThat(assigned.path(0).path("ip_address").asString("")).isEqualTo("203.0.113.7");
        assertThat(assigned.path(0).path("fqdn").asString("")).isEqualTo("web.cloud.example.");
        var renamed = cloud.put("ports/" + named.id(), "{'port':{'dns_name':'www.cloud.example.','dns_domain':''}}")
                .ok();
        assertThat(renamed.get("dns_assignment").path(0).path("fqdn").asString(""))
                .isEqualTo("www.cloud.example.");
        var unnamed = cloud.put("ports/" + named.id(), "{'port':{'dns_name':''}}");
        assertThat(unnamed.get("dns_assignment").path(0).path("fqdn").asString(""))
                .isEqualTo("host-203-0-113-7.cloud.example.");
        assertThat(cloud.put("ports/" + named.id(), "{'port':{'dns_assignment':[]}}")
                        .status())
                .isEqualTo(400);
        assertThat(port(",'fixed_ips':[],'dns_name':'x'").get("dns_assignment")).isEmpty();
    }

    @Test
    void aNameOfAPortIsOfLabelsAndWithinTheDomain() {
        assertBad(port(",'dns_name':'-a'"), "must not start or end with a hyphen");
        assertBad(port(",'dns_name':'a..b'"), "Encountered an empty component");
        assertBad(port(",'dns_name':'a_b'"), "can only be alphanumeric or a hyphen");
        assertBad(port(",'dns_name':'%s'".formatted("a".repeat(64))), "must be 1-63 characters long");
        assertBad(port(",'dns_name':'a.123'"), "TLD '123' must not be all numeric");
        assertBad(port(",'dns_name':'a.elsewhere.example.'"), "Its higher level labels");
        assertBad(port(",'dns_name':'.cloud.example.'"), "empty component");
        assertBad(port(",'dns_domain':'no.dot'"), "'no.dot' is not a FQDN");
        var longest = String.join(".", List.of("a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(50)));
        assertBad(port(",'dns_name':'%s'".formatted(longest)), "exceed the maximum size");
    }

    @Test
    void aDomainOfANetworkIsFullAndInLowerCase() {
        assertThat(cloud.get("networks/" + network).text("dns_domain")).isEqualTo("example.org.");
        assertBad(cloud.put("networks/" + network, "{'network':{'dns_domain':'example.org'}}"), "is not a FQDN");
        assertBad(
                cloud.put("networks/" + network, "{'network':{'dns_domain':'<project_id>.example.org.'}}"),
                "alphanumeric");
        assertThat(cloud.put("networks/" + network, "{'network':{'dns_domain':''}}")
                        .text("dns_domain"))
                .isEmpty();
    }

    @Test
    void aFloatingIpHasItsNameWithItsDomainOrNeither() {
        var named = floating(",'dns_name':'FIP','dns_domain':'example.com.'").ok();
        assertThat(named.text("dns_name")).isEqualTo("fip");
        assertThat(named.text("dns_domain")).isEqualTo("example.com.");
        assertThat(floating("").ok().text("dns_domain")).isEmpty();
        assertBad(floating(",'dns_name':'fip'"), "dns_name cannot be specified without a dns_domain");
        assertBad(floating(",'dns_domain':'example.com.'"), "dns_domain cannot be specified without a dns_name");
        assertBad(floating(",'dns_name':'a.b.','dns_domain':'example.com.'"), "It should be a relative domain name");
        assertBad(cloud.put("floatingips/" + named.id(), "{'floatingip':{'dns_name':'other'}}"), "dns_name");
    }

    @Test
    void withoutADomainOfItsOwnACloudLetsAnyNameBe() {
        try (var plain = new Cloud()) {
            var net = plain.network();
            plain.subnet(net, "10.0.0.0/24");
            var port = plain.port(net, ",'dns_name':'a.elsewhere.example.'").ok();
            assertThat(port.get("dns_assignment").path(0).path("fqdn").asString(""))
                    .isEqualTo("a.elsewhere.example.");
        }
    }
}
