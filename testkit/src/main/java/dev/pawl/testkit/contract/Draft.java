package dev.pawl.testkit.contract;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.store.NewRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A job to be enqueued, of which a test says only what matters to it. Each method returns a changed copy. */
record Draft(NewRow row) {
    private static final long VERSION_7 = 0x0190_0000_0000_7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final AtomicLong MADE = new AtomicLong();

    static Draft of(String queue, String pipeline, List<String> stages) {
        return new Draft(new NewRow(
                new JobId(queue, new UUID(VERSION_7, VARIANT + MADE.incrementAndGet())),
                pipeline,
                1,
                stages.size(),
                Optional.empty(),
                Json.of("{\"day\": 1}"),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO));
    }

    JobId id() {
        return row.id();
    }

    Draft id(JobId id) {
        return with(id, row.key(), row.payload(), row.triggeredBy(), row.priority(), row.notBefore(), row.delay());
    }

    Draft uuid(String uuid) {
        return id(new JobId(row.id().queue(), UUID.fromString(uuid)));
    }

    Draft queue(String queue) {
        return id(new JobId(queue, row.id().uuid()));
    }

    Draft key(String key) {
        return with(
                row.id(),
                Optional.of(key),
                row.payload(),
                row.triggeredBy(),
                row.priority(),
                row.notBefore(),
                row.delay());
    }

    Draft payload(String json) {
        return with(
                row.id(), row.key(), Json.of(json), row.triggeredBy(), row.priority(), row.notBefore(), row.delay());
    }

    Draft triggeredBy(Actor actor) {
        return with(row.id(), row.key(), row.payload(), actor, row.priority(), row.notBefore(), row.delay());
    }

    Draft priority(int priority) {
        return with(row.id(), row.key(), row.payload(), row.triggeredBy(), priority, row.notBefore(), row.delay());
    }

    Draft notBefore(Instant time) {
        return with(
                row.id(), row.key(), row.payload(), row.triggeredBy(), row.priority(), Optional.of(time), row.delay());
    }

    Draft after(Duration delay) {
        return with(row.id(), row.key(), row.payload(), row.triggeredBy(), row.priority(), row.notBefore(), delay);
    }

    private Draft with(
            JobId id,
            Optional<String> key,
            Json payload,
            Actor triggeredBy,
            int priority,
            Optional<Instant> notBefore,
            Duration delay) {
        return new Draft(new NewRow(
                id,
                row.pipeline(),
                row.version(),
                row.stages(),
                key,
                payload,
                triggeredBy,
                priority,
                notBefore,
                delay));
    }
}
