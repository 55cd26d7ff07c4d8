package org.dragonflow.feed;

/**
 * How far a chassis has come on its feed. Kept with the topology that it belongs to, it lets the feed go on from there.
 *
 * @param line which of the server's accounts of what the chassis knows it is on; a revision means nothing on another line
 * @param revision the store's
 */
public record Position(String line, long revision) {}
