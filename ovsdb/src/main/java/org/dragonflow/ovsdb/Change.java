package org.dragonflow.ovsdb;

import java.util.Optional;
import java.util.UUID;

/** One row before and after: without {@code before} it is new, without {@code after} it is gone. */
public record Change(String table, UUID uuid, Optional<Row> before, Optional<Row> after) {}
