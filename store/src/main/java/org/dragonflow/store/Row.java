package org.dragonflow.store;

/**
 * What the store holds under a key.
 *
 * @param revision the commit that wrote the row last
 */
public record Row(Key key, long revision, Bytes value) {}
