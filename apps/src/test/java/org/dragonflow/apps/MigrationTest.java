package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import org.dragonflow.packet.Tcp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** Alice moves from hv1 to hv2: she is plugged in on both, and where her packets go is what her active binding says. */
class MigrationTest {
    private static final String MOVING = place("at hv1 awaited hv2");
    private static final String MOVED = place("at hv2 awaited hv1");

    private static String place(String place) {
        return """
            chassis hv1 192.0.2.1
            chassis hv2 192.0.2.2
            chassis hv3 192.0.2.3
            network blue
            subnet blue4 on blue 10.0.0.0/24
            network red
            subnet red4 on red 10.0.1.0/24
            router r1
            port r1blue on blue mac :b1 ip 10.0.0.1 of r1
            port r1red on red mac :c1 ip 10.0.1.1 of r1
            group in
            rule in egress
            rule in ingress tcp 80
            rule in ingress icmp
            """ + "port alice on blue mac :0a ip 10.0.0.10 groups in " + place + "\n" + """
            port bob   on blue mac :0b ip 10.0.0.11 at hv2 open
            port carol on blue mac :0c ip 10.0.0.12 at hv3 open
            port dave  on red  mac :0d ip 10.0.1.13 at hv3 open
            """;
    }

    private static Draft toAlice(String from, String address, String router) {
        return eth().from(from).to(router).ip4(address, "10.0.0.10").icmpEcho();
    }

    private static void assertArrives(Journey journey, String chassis) {
        assertThat(journey.deliveries()).singleElement().satisfies(delivery -> {
            assertThat(delivery.port()).isEqualTo("alice");
            assertThat(delivery.chassis()).isEqualTo(chassis);
        });
    }

    @Test
    void untilTheBindingIsActivatedEverybodySendsToTheOldChassisAndSoDoesTheNewOne() {
        var cloud = Cloud.of(MOVING);
        assertArrives(cloud.send("carol", toAlice(":0c", "10.0.0.12", ":0a")), "hv1");
        assertArrives(cloud.send("dave", toAlice(":0d", "10.0.1.13", ":c1")), "hv1");
        assertArrives(cloud.send("bob", toAlice(":0b", "10.0.0.11", ":0a")), "hv1");
    }

    @Test
    void theNewChassisIsReadyForWhatArrivesBeforeItHearsOfTheMoveItself() {
        var cloud = Cloud.of(MOVING).tell("hv3", Scenario.of(MOVED));
        assertArrives(cloud.send("carol", toAlice(":0c", "10.0.0.12", ":0a")), "hv2");
        assertArrives(cloud.send("dave", toAlice(":0d", "10.0.1.13", ":c1")), "hv2");
    }

    @Test
    void onceItIsActivatedEverybodySendsToTheNewChassis() {
        var cloud = Cloud.of(MOVING).change(Scenario.of(MOVED));
        assertArrives(cloud.send("carol", toAlice(":0c", "10.0.0.12", ":0a")), "hv2");
        assertArrives(cloud.send("bob", toAlice(":0b", "10.0.0.11", ":0a")), "hv2");
    }

    private static final String TRUNK = """
            port web on red mac :0e ip 10.0.1.14 groups in
            trunk alice carries web 101
            """;

    private static Draft toWeb() {
        return eth().from(":0d").to(":0e").ip4("10.0.1.13", "10.0.1.14").icmpEcho();
    }

    @Test
    void thePortsThatItsCardCarriesMoveAlong() {
        var cloud = Cloud.of(MOVING + TRUNK);
        assertArrives(cloud.send("dave", toWeb()), "hv1");
        cloud.tell("hv3", Scenario.of(MOVED + TRUNK));
        assertArrives(cloud.send("dave", toWeb()), "hv2");
        cloud.change(Scenario.of(MOVED + TRUNK));
        assertArrives(cloud.send("dave", toWeb()), "hv2");
    }

    @Test
    void whatThePluggedInAtTheNewChassisSendsDrawsNothingThere() {
        var cloud = Cloud.of(MOVING);
        cloud.sendAt("hv2", "alice", eth().from(":0a").to("ff:ff:ff:ff:ff:ff").arpRequest("10.0.0.10", "10.0.0.10"));
        assertArrives(cloud.send("carol", toAlice(":0c", "10.0.0.12", ":0a")), "hv1");
    }

    @Test
    void aConnectionThatTheRulesAllowGoesOnInItsMiddle() {
        var cloud = Cloud.of(MOVED);
        var segment = eth().from(":0c").to(":0a").ip4("10.0.0.12", "10.0.0.10").tcp(1000, 80, Tcp.ACK);
        assertArrives(cloud.send("carol", segment), "hv2");
    }

    @Test
    void oneThatTheServerBeganGoesOnWithTheNextThatItSendsItself() {
        var cloud = Cloud.of(MOVED);
        var answer = eth().from(":0c").to(":0a").ip4("10.0.0.12", "10.0.0.10").tcp(443, 1000, Tcp.ACK);
        assertThat(cloud.send("carol", answer).deliveries()).isEmpty();
        var own = eth().from(":0a").to(":0c").ip4("10.0.0.10", "10.0.0.12").tcp(1000, 443, Tcp.ACK);
        assertThat(cloud.sendAt("hv2", "alice", own).deliveries()).hasSize(1);
        assertArrives(cloud.send("carol", answer), "hv2");
    }
}
