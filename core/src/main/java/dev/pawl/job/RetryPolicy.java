package dev.pawl.job;

import dev.pawl.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is tried again, and when the job fails for good. It is code and not stored, so a deploy may change
 * it for jobs under way. Immutable; each method returns a changed copy.
 *
 * <p>The delay before attempt {@code n + 1} is drawn evenly from zero to {@code min(cap, first × 2^(n - 1))}: exponential
 * backoff with full jitter, as in Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Takeovers, which
 * are nobody's failure, are counted apart and don't use up attempts.
 */
public final class RetryPolicy {
    private static final RetryPolicy STANDARD =
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(10), 10, List.of());

    private final Duration first;
    private final Duration cap;
    private final int attempts;
    private final List<Class<? extends Throwable>> fatal;

    private RetryPolicy(Duration first, Duration cap, int attempts, List<Class<? extends Throwable>> fatal) {
        this.first = first;
        this.cap = cap;
        this.attempts = attempts;
        this.fatal = List.copyOf(fatal);
    }

    /**
     * 10 attempts, from 1 s to 10 min.
     *
     * @return the policy that holds unless told otherwise
     */
    public static RetryPolicy standard() {
        return STANDARD;
    }

    /**
     * One attempt.
     *
     * @return the policy
     */
    public static RetryPolicy never() {
        return STANDARD.attempts(1);
    }

    /**
     * 10 attempts.
     *
     * @param first the most that is waited after the first failure; longer than zero
     * @param cap the most that is waited after any; at least {@code first}
     * @return the policy
     */
    public static RetryPolicy exponential(Duration first, Duration cap) {
        Checks.positive("first delay", first);
        Checks.positive("cap", cap);
        if (cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("cap must be at least the first delay " + first + ", but was " + cap);
        }
        return new RetryPolicy(first, cap, STANDARD.attempts, List.of());
    }

    /**
     * How often a stage is tried.
     *
     * @param max at least 1
     * @return a copy
     */
    public RetryPolicy attempts(int max) {
        return new RetryPolicy(first, cap, Checks.between("attempts", max, 1, Integer.MAX_VALUE), fatal);
    }

    /**
     * Failures of this type end the job at once.
     *
     * @param type and its subtypes; a cause within the failure doesn't count
     * @return a copy
     */
    public RetryPolicy exceptOn(Class<? extends Throwable> type) {
        List<Class<? extends Throwable>> more = new ArrayList<>(fatal);
        more.add(Objects.requireNonNull(type, "type"));
        return new RetryPolicy(first, cap, attempts, more);
    }

    /**
     * What becomes of a failed attempt. A pure function, but for the generator.
     *
     * @param attempt the number of the attempt that failed, at least 1
     * @param cause what it failed with
     * @param random for the jitter
     * @return how long to wait; empty if the job fails for good
     */
    public Optional<Duration> retryIn(int attempt, Throwable cause, RandomGenerator random) {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(random, "random");
        if (attempt >= attempts || fatal.stream().anyMatch(type -> type.isInstance(cause))) {
            return Optional.empty();
        }
        long most = mostAfter(attempt);
        return Optional.of(Duration.ofMillis(most == 0 ? 0 : random.nextLong(most + 1)));
    }

    /**
     * The most that is waited after any failure.
     *
     * @return longer than zero
     */
    public Duration longestDelay() {
        return cap;
    }

    private long mostAfter(int attempt) {
        long millis = first.toMillis();
        int doublings = Math.max(0, attempt - 1);
        boolean beyond = doublings >= Long.numberOfLeadingZeros(Math.max(1, millis)) - 1;
        return beyond ? cap.toMillis() : Math.min(cap.toMillis(), millis << doublings);
    }

    /** {@code 10 attempts, PT1S to PT10M}. */
    @Override
    public String toString() {
        String except = fatal.isEmpty()
                ? ""
                : ", except on " + fatal.stream().map(Class::getName).toList();
        return attempts + " attempts, " + first + " to " + cap + except;
    }
}
