package dev.pawl;

/** Something that goes on in the background until closed. Safe for use by many threads. */
public interface Running extends AutoCloseable {
    /** Ends it, waiting for the piece of work in hand. Repeating it does nothing. */
    @Override
    void close();
}
