package dev.pawl.scan;

import dev.pawl.Actor;
import java.time.Instant;
import java.util.Objects;

/**
 * The record of a page that somebody stepped over: its rows were not handled in that lap.
 *
 * @param page as it failed last, with its bounds
 * @param by who decided it
 * @param at when
 */
public record SkippedPage(FailedPage page, Actor by, Instant at) {
    /** Checks that nothing is missing. */
    public SkippedPage {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }
}
