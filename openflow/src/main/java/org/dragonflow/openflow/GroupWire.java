package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.flow.Group;
import org.dragonflow.openflow.Message.GroupMod;
import org.dragonflow.openflow.Message.InstalledGroup;

/** Groups on the wire (OpenFlow 1.5, sections 7.3.4.3 and 7.3.5.9). */
final class GroupWire {
    private static final long ALL_GROUPS = 0xffff_fffcL;
    private static final long ALL_BUCKETS = 0xffff_ffffL;
    private static final int WEIGHT = 0;

    private final ActionWriter writer;
    private final ActionReader reader;

    GroupWire(ActionWriter writer, ActionReader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** A delete names no type and no buckets. */
    void writeMod(WireWriter out, GroupMod mod) {
        var group = mod.group();
        boolean isDelete = mod.command() == GroupMod.Command.DELETE;
        out.u16(mod.command().number)
                .u8(isDelete ? 0 : group.type().ordinal())
                .u8(0)
                .u32(group.id());
        int lengthAt = out.length();
        out.u16(0).u16(0).u32(ALL_BUCKETS);
        int start = out.length();
        if (!isDelete) {
            group.buckets().forEach(bucket -> writeBucket(out, group.type(), bucket));
        }
        out.lengthAt(lengthAt, start);
    }

    private void writeBucket(WireWriter out, Group.Type type, Group.Bucket bucket) {
        int start = out.length();
        out.u16(0).u16(0).u32(bucket.id());
        int actionsStart = out.length();
        writer.write(out, bucket.actions());
        out.lengthAt(start + 2, actionsStart);
        if (type == Group.Type.SELECT) {
            out.u16(WEIGHT).u16(8).u16(bucket.weight()).u16(0);
        }
        out.lengthAt(start, start);
    }

    GroupMod readMod(WireReader in) {
        int number = in.u16();
        int type = in.u8();
        in.skip(1);
        long id = in.u32();
        int length = in.u16();
        in.skip(6);
        var buckets = readBuckets(in.part(length));
        for (var command : GroupMod.Command.values()) {
            if (command.number == number && type < Group.Type.values().length) {
                return new GroupMod(command, new Group(id, Group.Type.values()[type], buckets));
            }
        }
        throw new MalformedMessage("a group mod of command %d and type %d".formatted(number, type));
    }

    static void writeRequest(WireWriter out) {
        out.u32(ALL_GROUPS).u32(0);
    }

    List<InstalledGroup> readGroups(WireReader in) {
        var groups = new ArrayList<InstalledGroup>();
        while (in.hasMore()) {
            int length = in.peek().u16();
            if (length < 16) {
                throw new MalformedMessage("a group description of %d bytes".formatted(length));
            }
            groups.add(readGroup(in.part(length)));
        }
        return groups;
    }

    // A property after the buckets makes the group one that this project would not make.
    private InstalledGroup readGroup(WireReader in) {
        in.skip(2);
        int type = in.u8();
        in.skip(1);
        long id = in.u32();
        int length = in.u16();
        in.skip(6);
        var buckets = readBuckets(in.part(length));
        boolean isOurs = type < Group.Type.values().length && !in.hasMore();
        return new InstalledGroup(
                id, isOurs ? Optional.of(new Group(id, Group.Type.values()[type], buckets)) : Optional.empty());
    }

    private List<Group.Bucket> readBuckets(WireReader in) {
        var buckets = new ArrayList<Group.Bucket>();
        while (in.hasMore()) {
            int length = in.peek().u16();
            if (length < 8) {
                throw new MalformedMessage("a bucket of %d bytes".formatted(length));
            }
            buckets.add(readBucket(in.part(length)));
        }
        return buckets;
    }

    private Group.Bucket readBucket(WireReader in) {
        in.skip(2);
        int actionsLength = in.u16();
        long id = in.u32();
        var actions = reader.read(in.part(actionsLength));
        int weight = 0;
        while (in.remaining() >= 4) {
            var property = Property.read(in);
            if (property.type() == WEIGHT) {
                weight = property.body().u16();
            }
        }
        return new Group.Bucket(id, weight, actions);
    }
}
