package org.dragonflow.openflow;

import org.dragonflow.flow.Flow;

/** How much traffic a flow has seen since it was put into the switch. */
public record FlowCounters(Flow.Key key, long cookie, long packets, long bytes) {}
