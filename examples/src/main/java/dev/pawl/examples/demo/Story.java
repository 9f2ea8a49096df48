package dev.pawl.examples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Tells what happens, with the seconds since the beginning, and waits for what is to happen next. */
public final class Story {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final PrintStream out;
    private final long begun = System.nanoTime();

    /**
     * A story that begins now.
     *
     * @param out where it is told
     */
    public Story(PrintStream out) {
        this.out = out;
    }

    /**
     * Tells.
     *
     * @param sentence one line
     */
    public void tell(String sentence) {
        out.printf("%5.1f s  %s%n", (System.nanoTime() - begun) / 1e9, sentence);
    }

    /**
     * Waits until something is so.
     *
     * @param what for the message
     * @param patience how long at most
     * @param so looked at again and again
     * @throws IllegalStateException if it is not so in time
     */
    public void await(String what, Duration patience, BooleanSupplier so) {
        await(what, patience, () -> so.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Waits until there is something.
     *
     * @param <T> what there is
     * @param what for the message
     * @param patience how long at most
     * @param look looked at again and again
     * @return the first that was there
     * @throws IllegalStateException if there is nothing in time
     */
    public <T> T await(String what, Duration patience, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
        throw new IllegalStateException("waited " + patience.toSeconds() + " s in vain for " + what);
    }
}
