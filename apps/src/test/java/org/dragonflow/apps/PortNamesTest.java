package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Port;
import org.dragonflow.model.Topology;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dns;
import org.dragonflow.packet.DnsName;
import org.junit.jupiter.api.Test;

/** Names of ports; blue and green are joined by a router, red has the addresses of blue and stands alone. */
class PortNamesTest {
    private static final Scenario WORLD = Scenario.of("""
            chassis hv1 192.0.2.1
            network blue
            subnet blue4 on blue 10.0.0.0/24
            subnet blue6 on blue 2001:db8:0:0::/64
            network green
            subnet green4 on green 10.2.0.0/24
            network red
            subnet red4 on red 10.0.0.0/24
            router r1
            port b1 on blue mac :f1 ip 10.0.0.1 of r1
            port g1 on green mac :f2 ip 10.2.0.1 of r1
            port alice on blue mac :0a ip 10.0.0.10 ip 2001:db8::a at hv1 open named alice
            port bob on green mac :0b ip 10.2.0.11 at hv1 open named bob
            port nameless on blue mac :0c ip 10.0.0.12 at hv1 open
            port eve on red mac :0e ip 10.0.0.10 at hv1 open named eve
            """);
    private static final Topology TOPOLOGY = WORLD.northbound();
    private static final PortNames NAMES = new PortNames("openstacklocal.");

    private static Port port(String name) {
        return WORLD.port(name);
    }

    private static Optional<Dns> ask(PortNames names, String asker, String name, int type) {
        return names.answer(Dns.ask(1, name, type), port(asker), TOPOLOGY);
    }

    private static Dns ask(String asker, String name, int type) {
        return ask(NAMES, asker, name, type).orElseThrow();
    }

    private static Bytes address(String text) {
        return Bytes.of(IpAddress.parse(text).bytes());
    }

    private static List<Bytes> data(Dns answer) {
        assertThat(answer.responseCode()).isEqualTo(Dns.NO_ERROR);
        return answer.answers().stream().map(Dns.ResourceRecord::data).toList();
    }

    @Test
    void aPortIsFoundByItsNameWithTheDomainAndWithoutWhateverTheCase() {
        for (var name : List.of("alice.openstacklocal", "ALICE.OpenStackLocal.", "alice")) {
            assertThat(data(ask("bob", name, Dns.Type.A))).containsExactly(address("10.0.0.10"));
            assertThat(data(ask("bob", name, Dns.Type.AAAA))).containsExactly(address("2001:db8::a"));
        }
    }

    @Test
    void aNameThatIsKnownHasNothingOfATypeThatItDoesNotHave() {
        assertThat(data(ask("alice", "bob.openstacklocal", Dns.Type.AAAA))).isEmpty();
        assertThat(data(ask("alice", "bob.openstacklocal", Dns.Type.MX))).isEmpty();
    }

    @Test
    void namesOfNetworksThatCannotBeReachedAreNotKnown() {
        assertThat(ask("alice", "eve.openstacklocal", Dns.Type.A).responseCode())
                .isEqualTo(Dns.NO_SUCH_NAME);
        assertThat(data(ask("eve", "eve", Dns.Type.A))).containsExactly(address("10.0.0.10"));
    }

    @Test
    void aPortWithoutANameIsCalledByItsAddress() {
        assertThat(data(ask("alice", "host-10-0-0-12.openstacklocal", Dns.Type.A)))
                .containsExactly(address("10.0.0.12"));
        assertThat(ask("alice", "host-10-0-0-10.openstacklocal", Dns.Type.A).responseCode())
                .isEqualTo(Dns.NO_SUCH_NAME);
    }

    @Test
    void anAddressLeadsToTheNameOfThePortThatTheAskerCanReach() {
        assertThat(pointer("bob", "10.0.0.10.in-addr.arpa")).containsExactly("alice.openstacklocal.");
        assertThat(pointer("eve", "10.0.0.10.in-addr.arpa")).containsExactly("eve.openstacklocal.");
        assertThat(pointer("bob", "12.0.0.10.in-addr.arpa")).containsExactly("host-10-0-0-12.openstacklocal.");
        assertThat(pointer("bob", "a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"))
                .containsExactly("alice.openstacklocal.");
        assertThat(ask(NAMES, "bob", "9.9.9.9.in-addr.arpa", Dns.Type.PTR)).isEmpty();
    }

    private static List<String> pointer(String asker, String name) {
        return ask(asker, name, Dns.Type.PTR).answers().stream()
                .map(record -> Dns.decode(Bytes.hex("0000 0000 0001 0000 0000 0000")
                                .plus(record.data())
                                .plus(Bytes.zeros(4)))
                        .orThrow()
                        .questions()
                        .getFirst()
                        .name()
                        .toString())
                .toList();
    }

    @Test
    void whatIsNoneOfOursIsForOthersToSay() {
        assertThat(ask(NAMES, "alice", "www.example.org", Dns.Type.A)).isEmpty();
        assertThat(ask(NAMES, "alice", "nobody", Dns.Type.A)).isEmpty();
        var shared = new PortNames("example.org");
        assertThat(ask(shared, "alice", "www.example.org", Dns.Type.A)).isEmpty();
        assertThat(data(ask(shared, "alice", "bob.example.org", Dns.Type.A).orElseThrow()))
                .containsExactly(address("10.2.0.11"));
    }

    @Test
    void anAnswerSaysThatItIsOneAndWithWhatAuthority() {
        var answer = ask("alice", "bob", Dns.Type.A);
        assertThat(answer.flags())
                .isEqualTo(Dns.RESPONSE | Dns.AUTHORITATIVE | Dns.RECURSION_DESIRED | Dns.RECURSION_AVAILABLE);
        assertThat(answer.answers().getFirst().name()).isEqualTo(DnsName.of("bob"));
    }
}
