package dev.pawl.job;

import dev.pawl.Actor;
import dev.pawl.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to enqueue. Immutable; each method returns a changed copy.
 *
 * @param <P> the payload
 */
public final class NewJob<P> {
    private final Pipeline<P, ?> pipeline;
    private final P payload;
    private final Settings settings;

    private NewJob(Pipeline<P, ?> pipeline, P payload, Settings settings) {
        this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.settings = settings;
    }

    /**
     * A job of a pipeline, in the queue of the same name, due at once.
     *
     * @param <P> the payload
     * @param pipeline what to do
     * @param payload with what; written by the codec when the job is enqueued
     * @return the job
     */
    public static <P> NewJob<P> of(Pipeline<P, ?> pipeline, P payload) {
        Settings settings = new Settings(
                Objects.requireNonNull(pipeline, "pipeline").name(),
                Optional.empty(),
                Optional.empty(),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO);
        return new NewJob<>(pipeline, payload, settings);
    }

    /**
     * The id, so that the enqueue can be repeated without a key: a known id returns the existing job (rule J9). Made by
     * Pawl unless told otherwise. Sets the queue too.
     *
     * @param id the job's id to be
     * @return a copy
     */
    public NewJob<P> id(JobId id) {
        Settings s = settings;
        Objects.requireNonNull(id, "id");
        return with(new Settings(id.queue(), Optional.of(id), s.key, s.triggeredBy, s.priority, s.notBefore, s.delay));
    }

    /**
     * The idempotency key, unique per queue and pipeline while the job is retained: a known key returns the existing job
     * (rule J9).
     *
     * @param key 1 to 255 printable characters
     * @return a copy
     */
    public NewJob<P> key(String key) {
        Settings s = settings;
        Checks.printable("job key", key);
        return with(new Settings(s.queue, s.id, Optional.of(key), s.triggeredBy, s.priority, s.notBefore, s.delay));
    }

    /**
     * The queue to live in; named like the pipeline unless told otherwise.
     *
     * @param queue 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
     * @return a copy
     * @throws IllegalArgumentException if the name is bad, or the job has an id in another queue
     */
    public NewJob<P> queue(String queue) {
        Settings s = settings;
        Checks.name("queue", queue);
        if (s.id.filter(id -> !id.queue().equals(queue)).isPresent()) {
            throw new IllegalArgumentException("job " + s.id.get() + " can't be enqueued in queue " + queue);
        }
        return with(new Settings(queue, s.id, s.key, s.triggeredBy, s.priority, s.notBefore, s.delay));
    }

    /**
     * Who wanted it; {@link Actor#SYSTEM} unless told otherwise.
     *
     * @param actor the system or a user
     * @return a copy
     */
    public NewJob<P> triggeredBy(Actor actor) {
        Settings s = settings;
        Objects.requireNonNull(actor, "actor");
        return with(new Settings(s.queue, s.id, s.key, actor, s.priority, s.notBefore, s.delay));
    }

    /**
     * Higher goes first; 0 unless told otherwise. A few priorities are fine; thousands of different ones make claims slow.
     *
     * @param priority -1,000 to 1,000
     * @return a copy
     */
    public NewJob<P> priority(int priority) {
        Settings s = settings;
        Checks.between("priority", priority, -1_000, 1_000);
        return with(new Settings(s.queue, s.id, s.key, s.triggeredBy, priority, s.notBefore, s.delay));
    }

    /**
     * Not before this long after the enqueue, by the database's clock. Where {@link #notBefore} is set too, the later holds.
     *
     * @param delay zero or more
     * @return a copy
     */
    public NewJob<P> after(Duration delay) {
        Settings s = settings;
        Checks.notNegative("delay", delay);
        return with(new Settings(s.queue, s.id, s.key, s.triggeredBy, s.priority, s.notBefore, delay));
    }

    /**
     * Not before this time, by the database's clock; a past one means at once, and gives no place before others.
     *
     * @param time from 2000-01-01 to 9999-12-31
     * @return a copy
     */
    public NewJob<P> notBefore(Instant time) {
        Settings s = settings;
        Objects.requireNonNull(time, "time");
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "start time must be from " + EARLIEST + " to " + LATEST + ", but was " + time);
        }
        return with(new Settings(s.queue, s.id, s.key, s.triggeredBy, s.priority, Optional.of(time), s.delay));
    }

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /**
     * What to do.
     *
     * @return the pipeline
     */
    public Pipeline<P, ?> pipeline() {
        return pipeline;
    }

    /**
     * With what.
     *
     * @return the payload
     */
    public P payload() {
        return payload;
    }

    /**
     * Everything else about the job.
     *
     * @return its settings
     */
    public Settings settings() {
        return settings;
    }

    private NewJob<P> with(Settings changed) {
        return new NewJob<>(pipeline, payload, changed);
    }

    /** {@code job of recap v1 in queue recap, key 2026-02-16}. */
    @Override
    public String toString() {
        return "job of " + pipeline + " in queue " + settings.queue
                + settings.key.map(key -> ", key " + key).orElse("");
    }

    /**
     * What is set about a job to enqueue.
     *
     * @param queue where it is to live
     * @param id as given, else Pawl makes one
     * @param key the idempotency key
     * @param triggeredBy who wanted it
     * @param priority higher goes first
     * @param notBefore start time
     * @param delay from the enqueue to the start
     */
    public record Settings(
            String queue,
            Optional<JobId> id,
            Optional<String> key,
            Actor triggeredBy,
            int priority,
            Optional<Instant> notBefore,
            Duration delay) {
        /** Checks that nothing is missing. */
        public Settings {
            Objects.requireNonNull(queue, "queue");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(triggeredBy, "triggeredBy");
            Objects.requireNonNull(notBefore, "notBefore");
            Objects.requireNonNull(delay, "delay");
        }
    }
}
