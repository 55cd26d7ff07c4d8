package org.dragonflow.openflow;

/** Numbers of actions: of OpenFlow 1.5 (section 7.2.6), and of Nicira's experimenter actions (nicira-ext.h). */
final class ActionCode {
    static final int OUTPUT = 0;
    static final int PUSH_VLAN = 17;
    static final int POP_VLAN = 18;
    static final int SET_QUEUE = 21;
    static final int GROUP = 22;
    static final int DEC_NW_TTL = 24;
    static final int SET_FIELD = 25;
    static final int COPY_FIELD = 28;
    static final int METER = 29;
    static final int EXPERIMENTER = 0xffff;

    static final long NICIRA = 0x2320;
    static final int NX_RESUBMIT_TABLE = 14;
    static final int NX_CONJUNCTION = 34;
    static final int NX_CT = 35;
    static final int NX_NAT = 36;
    static final int NX_CONTROLLER2 = 37;
    static final int NX_CLONE = 42;
    static final int NX_CT_CLEAR = 43;
    static final int NX_CHECK_LARGER = 49;

    /** The in port of a resubmit that leaves it as it is (OFPP_IN_PORT in 16 bits). */
    static final int SAME_PORT = 0xfff8;

    static final int NO_TABLE = 0xff;
    static final int WHOLE_PACKET = 0xffff;

    static final int CT_COMMIT = 1;
    static final int CT_FORCE = 2;

    static final int NAT_SOURCE = 1;
    static final int NAT_DESTINATION = 2;

    /** Bits that tell which parts of a range follow, in this order. */
    static final int NAT_IPV4_MIN = 1;

    static final int NAT_IPV4_MAX = 2;
    static final int NAT_IPV6_MIN = 4;
    static final int NAT_IPV6_MAX = 8;
    static final int NAT_PORT_MIN = 16;
    static final int NAT_PORT_MAX = 32;

    /** Properties of NXAST_CONTROLLER2. */
    static final int PUNT_CONTROLLER_ID = 1;

    static final int PUNT_USERDATA = 3;

    private ActionCode() {}
}
