package org.dragonflow.apps;

import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.VLAN_VID;

import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Match;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.VlanTag;

/**
 * Where frames come into the switch and leave it: one of its ports, and the tag that they have there. In the pipeline they have none.
 *
 * @param ofport the number of the port
 * @param vlan the VLAN id of the tag; 0 if they are untagged
 */
record Place(int ofport, int vlan) {
    /** The bit of a VLAN id that says that there is a tag (OpenFlow 1.5, section 7.2.3.8). */
    private static final long TAGGED = 0x1000;

    /** Knows what arrives there. */
    Match arrival() {
        return Match.on(IN_PORT, ofport).and(VLAN_VID, isTagged() ? TAGGED | vlan : 0);
    }

    /** Takes the tag from what arrived, and does what follows. */
    List<Action> arriving(Action... further) {
        var untag = isTagged() ? Stream.<Action>of(new Action.PopVlan()) : Stream.<Action>of();
        return Stream.concat(untag, Stream.of(further)).toList();
    }

    /** Puts a frame out there. */
    List<Action> departing() {
        return isTagged()
                ? List.of(new Action.PushVlan(), set(VLAN_VID, TAGGED | vlan), output(ofport))
                : List.of(output(ofport));
    }

    /** The frame as it is there. */
    Ethernet frame(Ethernet frame) {
        return isTagged() ? frame.withTags(List.of(VlanTag.of(vlan))) : frame;
    }

    /** Has the switch send a packet out there. */
    Responder.Answer answer(Ethernet packet) {
        return new Responder.Answer(frame(packet), ofport);
    }

    private boolean isTagged() {
        return vlan != 0;
    }
}
