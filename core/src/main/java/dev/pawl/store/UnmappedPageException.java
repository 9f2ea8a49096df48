package dev.pawl.store;

import dev.pawl.scan.FailedPage;
import java.util.Objects;

/**
 * The rows of a page were read, but not all of them could be made into what the application calls a row. Nothing was changed. Where
 * the page ends is known all the same, so that it can be skipped. For implementers of stores.
 */
public final class UnmappedPageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient FailedPage.Bounds bounds;

    /**
     * Of a page.
     *
     * @param bounds the page's
     * @param why what the application's mapper threw first
     */
    public UnmappedPageException(FailedPage.Bounds bounds, Throwable why) {
        super("a row of a page could not be made: " + why, Objects.requireNonNull(why, "why"));
        this.bounds = Objects.requireNonNull(bounds, "bounds");
    }

    /**
     * Where the page ends.
     *
     * @return as of a page whose handling failed (null only after this exception was serialised)
     */
    public FailedPage.Bounds bounds() {
        return bounds;
    }

    /**
     * The application's own failure.
     *
     * @return never null
     */
    public Throwable why() {
        return Objects.requireNonNull(getCause());
    }
}
