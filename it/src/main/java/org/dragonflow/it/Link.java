package org.dragonflow.it;

/** A cable between a machine of the lab and its fabric, which can be cut and mended. */
public final class Link {
    private final Space fabric;
    private final String port;

    Link(Space fabric, String port) {
        this.fabric = fabric;
        this.port = port;
    }

    /** Frames are lost from now on, both ways, and the machine sees its carrier go. */
    public void cut() {
        fabric.ip("link", "set", port, "down");
    }

    public void mend() {
        fabric.ip("link", "set", port, "up");
    }
}
