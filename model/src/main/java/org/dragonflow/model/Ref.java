package org.dragonflow.model;

/**
 * One reference that an entity holds.
 *
 * @param attribute by wire name, such as {@code fixed_ips.subnet_id}
 */
public record Ref(String attribute, Id<?> target, Reference.Promise promise) {}
