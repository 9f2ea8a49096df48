package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.lease.FencingToken;
import java.util.Optional;

/**
 * A stage's checkpoint as it is recorded, by which a repeat is told from a conflict (rule J2).
 *
 * @param stage the stage's position
 * @param token under which it was written
 * @param result as it was stored; empty for a stage without a result
 */
public record Recorded(int stage, FencingToken token, Optional<Json> result) {}
