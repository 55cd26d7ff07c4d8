package org.dragonflow.model;

import java.util.List;

/**
 * Values that an entity wants for itself alone: of one type, no two entities may hold equal claims.
 *
 * @param constraint the attributes of one {@link Unique}, such as {@code network_id, fixed_ips.ip_address}
 */
public record Claim(List<String> constraint, List<Object> values) {}
