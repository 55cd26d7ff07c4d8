package org.dragonflow.packet;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;

/**
 * A message of DNS (RFC 1035), with its sections named as there.
 *
 * @param id 16 bits, chosen by who asks
 * @param flags 16 bits: {@link #RESPONSE} and the others, with operation and response code
 * @param additional without what EDNS(0) says
 * @param edns what the sender says by EDNS(0), if anything
 */
public record Dns(
        int id,
        int flags,
        List<Question> questions,
        List<ResourceRecord> answers,
        List<ResourceRecord> authority,
        List<ResourceRecord> additional,
        Optional<Edns> edns) {
    public static final int PORT = 53;

    public static final int RESPONSE = 0x8000;
    public static final int OPERATION = 0x7800;
    public static final int AUTHORITATIVE = 0x0400;
    public static final int TRUNCATED = 0x0200;
    public static final int RECURSION_DESIRED = 0x0100;
    public static final int RECURSION_AVAILABLE = 0x0080;
    public static final int CHECKING_DISABLED = 0x0010;

    public static final int NO_ERROR = 0;
    public static final int FORMAT_ERROR = 1;
    public static final int SERVER_FAILURE = 2;
    public static final int NO_SUCH_NAME = 3;
    public static final int NOT_IMPLEMENTED = 4;
    public static final int REFUSED = 5;

    /** What fits into a datagram if nothing else is said (RFC 1035, section 4.2.1). */
    public static final int SMALLEST = 512;

    /** What fits into a datagram that is not cut into fragments on any network of our day. */
    public static final int UNFRAGMENTED = 1_232;

    public static final int INTERNET = 1;

    public Dns {
        Width.check("id", id, 16);
        Width.check("flags", flags, 16);
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    /** Types of records that this project speaks of. */
    public static final class Type {
        public static final int A = 1;
        public static final int NS = 2;
        public static final int CNAME = 5;
        public static final int SOA = 6;
        public static final int PTR = 12;
        public static final int MX = 15;
        public static final int AAAA = 28;
        public static final int OPT = 41;
        public static final int ANY = 255;

        private Type() {}
    }

    /** What is asked. */
    public record Question(DnsName name, int type, int classOf) {
        public Question {
            Width.check("type", type, 16);
            Width.check("class", classOf, 16);
        }
    }

    /** What is known of a name; names in the data are written out. */
    public record ResourceRecord(DnsName name, int type, int classOf, long ttl, Bytes data) {
        public static ResourceRecord address(DnsName name, IpAddress address, long ttl) {
            int type = switch (address) {
                case Ipv4 _ -> Type.A;
                case Ipv6 _ -> Type.AAAA;
            };
            return new ResourceRecord(name, type, INTERNET, ttl, Bytes.of(address.bytes()));
        }

        public static ResourceRecord pointer(DnsName name, DnsName to, long ttl) {
            var data = new Writer();
            to.write(data);
            return new ResourceRecord(name, Type.PTR, INTERNET, ttl, data.toBytes());
        }
    }

    /**
     * What a sender says by EDNS(0) (RFC 6891); options are not kept.
     *
     * @param size the longest datagram that it takes
     * @param extended the further bits of the response code, the version and the flags
     */
    public record Edns(int size, int extended) {
        public Edns {
            Width.check("size", size, 16);
        }

        int version() {
            return extended >>> 16 & 0xff;
        }
    }

    /** A question of one name, as a client puts it. */
    public static Dns ask(int id, String name, int type) {
        var question = new Question(DnsName.of(name), type, INTERNET);
        return new Dns(id, RECURSION_DESIRED, List.of(question), List.of(), List.of(), List.of(), Optional.empty());
    }

    public boolean isQuestion() {
        return (flags & (RESPONSE | OPERATION)) == 0 && questions.size() == 1;
    }

    public int responseCode() {
        return flags & 0xf;
    }

    /** The longest answer that may come in a datagram. */
    public int room() {
        return edns.map(said -> Math.clamp(said.size(), SMALLEST, UNFRAGMENTED)).orElse(SMALLEST);
    }

    /** The answer to this question, from one who also knows where to ask further. */
    public Dns reply(int code, boolean isAuthoritative, List<ResourceRecord> records) {
        int said = RESPONSE
                | RECURSION_AVAILABLE
                | (isAuthoritative ? AUTHORITATIVE : 0)
                | flags & (OPERATION | RECURSION_DESIRED | CHECKING_DISABLED)
                | code;
        return new Dns(id, said, questions, records, List.of(), List.of(), edns.map(_ -> new Edns(UNFRAGMENTED, 0)));
    }

    /** Nothing more than the question, and that there is more than fits. */
    private Dns truncated() {
        return new Dns(id, flags | TRUNCATED, questions, List.of(), List.of(), List.of(), edns);
    }

    public Bytes encode() {
        return DnsCodec.write(this);
    }

    /** The message, cut down to what says that it did not fit if it is longer than this. */
    public Bytes encode(int atMost) {
        var whole = encode();
        return whole.length() <= atMost ? whole : truncated().encode();
    }

    public static Decoded<Dns> decode(Bytes message) {
        try {
            return new Decoded.Ok<>(DnsCodec.read(message));
        } catch (Malformed e) {
            return new Decoded.Bad<>("a message of DNS that " + e.getMessage());
        }
    }
}
