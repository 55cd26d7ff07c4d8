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
 * Where frames come into the switch and leave it: one of its ports, and the tag that they have there. In the pipeline they have none but
 * those that their senders gave them.
 *
 * @param ofport the number of the port
 * @param vlan the VLAN id of the tag; 0 if they are untagged
 * @param tagType the type of the tag: {@link VlanTag#CUSTOMER} or {@link VlanTag#SERVICE}
 */
record Place(int ofport, int vlan, int tagType) {
    /** The bit of a VLAN id that says that there is a tag (OpenFlow 1.5, section 7.2.3.8). */
    static final long TAGGED = 0x1000;

    Place(int ofport, int vlan) {
        this(ofport, vlan, VlanTag.CUSTOMER);
    }

    /** Knows what arrives there. */
    Match arrival() {
        return tag().and(IN_PORT, ofport);
    }

    /** Knows what has the tag, or none; what type it is of, flows do not see. */
    Match tag() {
        return Match.on(VLAN_VID, isTagged() ? TAGGED | vlan : 0);
    }

    /** Knows what arrives there with a tag that is none of a place; nothing, if all that is of the place has its tag. */
    Stream<Match> tagged() {
        return isTagged() ? Stream.of() : Stream.of(Packets.TAGGED.and(IN_PORT, ofport));
    }

    /** Takes the tag from what arrived, and does what follows. */
    List<Action> arriving(Action... further) {
        var untag = isTagged() ? Stream.<Action>of(new Action.PopVlan()) : Stream.<Action>of();
        return Stream.concat(untag, Stream.of(further)).toList();
    }

    /** Puts a frame out there. */
    List<Action> departing() {
        return isTagged()
                ? List.of(new Action.PushVlan(tagType), set(VLAN_VID, TAGGED | vlan), output(ofport))
                : List.of(output(ofport));
    }

    /** The frame as it is there. */
    Ethernet frame(Ethernet frame) {
        return isTagged() ? frame.withTags(List.of(new VlanTag(tagType, 0, false, vlan))) : frame;
    }

    /** Has the switch send a packet out there. */
    Responder.Answer answer(Ethernet packet) {
        return new Responder.Answer(frame(packet), ofport);
    }

    private boolean isTagged() {
        return vlan != 0;
    }
}
