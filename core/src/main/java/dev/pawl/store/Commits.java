package dev.pawl.store;

import dev.pawl.PawlException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for the answer of a group commit. */
public final class Commits {
    private Commits() {}

    /**
     * Waits for an answer, uninterruptibly: a write that was handed in is not taken back by an interrupt.
     *
     * @param <T> the answer
     * @param answer to come
     * @return the answer
     * @throws PawlException what the store threw
     */
    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof RuntimeException unchecked) {
                unchecked.addSuppressed(new Waited());
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw failure;
        }
    }

    /** Shows who waited: the failure itself bears the stack of the thread that wrote. */
    private static final class Waited extends Exception {
        private static final long serialVersionUID = 1L;

        Waited() {
            super("waited for by");
        }
    }
}
