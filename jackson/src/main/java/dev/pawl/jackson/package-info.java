/**
 * Payloads, progress and results as JSON, by Jackson 2: give Pawl a {@link dev.pawl.jackson.JacksonCodec} when opening
 * it, and stages may have records for results.
 *
 * <p>What is stored outlives the code that wrote it: a job may be resumed by a later deploy, and during a rolling deploy
 * by an earlier one. Hence the standard mapper ignores properties that it doesn't know. It also writes the same value as
 * the same text each time (properties in one order, map entries by key), since a repeated checkpoint is recognised by its
 * text. Not promised: that a type that was changed otherwise can still be read. A renamed property needs
 * {@code @JsonAlias}, a removed constructor parameter nothing, an added one a default for jobs that are under way.
 */
@NullMarked
package dev.pawl.jackson;

import org.jspecify.annotations.NullMarked;
