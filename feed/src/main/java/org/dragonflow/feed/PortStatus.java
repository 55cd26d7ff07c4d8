package org.dragonflow.feed;

import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Status;

/** The status that a port has by the word of a chassis; void, if the port is no longer bound to it, nor awaited there. */
public record PortStatus(Id<Port> port, Id<Chassis> chassis, Status status) {}
