package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Announcement;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.trace.Draft;
import org.junit.jupiter.api.Test;

/** What wires are told unasked. */
class WireAnnouncementsTest {
    private static List<Announcement> told(String chassis, String scenario) {
        var topology = Cloud.of(scenario).compiler(chassis).topology();
        return Wires.app(Id.of(Chassis.class, chassis)).announcers().stream()
                .flatMap(announcer -> announcer.announcements().apply(topology))
                .toList();
    }

    @Test
    void aWireIsToldOfTheAddressesThatTheChassisStandsForAndOfNoOthers() {
        var scenario = """
                chassis hv1 192.0.2.1 wires physnet1
                chassis hv2 192.0.2.2 wires physnet1
                network out vlan 100 on physnet1
                subnet out4 on out 203.0.113.0/24 gateway 203.0.113.1
                subnet out6 on out 2001:db8::/64
                network blue
                subnet blue4 on blue 10.0.0.0/24
                router r1
                port r1blue on blue mac :b1 ip 10.0.0.1 of r1
                port alice on blue mac :0a ip 10.0.0.10 at hv1 open
                gateway r1 on out mac :c1 ip 203.0.113.5 ip 2001:db8::5 at hv2
                floating f1 on out mac :f1 ip 203.0.113.7 of r1 for alice 10.0.0.10 at hv1
                """;
        assertThat(told("hv1", scenario)).singleElement().satisfies(one -> {
            var frame = one.packets().getFirst();
            assertThat(one.packets()).hasSize(1);
            assertThat(frame.source()).isEqualTo(Draft.mac(":f1"));
            assertThat(frame.destination()).isEqualTo(Mac.BROADCAST);
            assertThat(frame.payload()).isEqualTo(Arp.announcement(Draft.mac(":f1"), Ipv4.parse("203.0.113.7")));
        });
        assertThat(told("hv2", scenario)).singleElement().satisfies(one -> {
            assertThat(one.packets()).hasSize(2);
            var ip = (Ipv6Packet) one.packets().getLast().payload();
            assertThat(ip.destination()).hasToString("ff02::1");
            assertThat(ip.hopLimit()).isEqualTo(255);
            var telling = (NeighbourAdvertisement) ip.transport();
            assertThat(telling.target()).hasToString("2001:db8::5");
            assertThat(telling.override()).isTrue();
            assertThat(telling.solicited()).isFalse();
            assertThat(telling.targetMac()).contains(Draft.mac(":c1"));
        });
        assertThat(told("hv1", scenario.replace(" at hv1\n", " at hv2\n")))
                .as("once it is elsewhere")
                .isEmpty();
    }
}
