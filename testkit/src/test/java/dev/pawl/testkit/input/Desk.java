package dev.pawl.testkit.input;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl;
import java.time.Duration;
import java.util.UUID;

/**
 * Where bad calls are made: a queue with one job that waits to be claimed, and one that is held at its first stage.
 *
 * @param any the Pawl
 * @param queue of this desk alone
 * @param pending not claimed yet
 * @param held claimed, at its first stage
 */
record Desk(AnyPawl any, String queue, JobId pending, ClaimedJob<Json> held) implements AutoCloseable {
    static final Stage<Json> FETCH = Stage.named("fetch", Json.class);
    static final Stage<Void> SEND = Stage.named("send");
    static final Pipeline<Json, Void> RECAP =
            Pipeline.named("desk", Json.class).then(FETCH).then(SEND);
    static final Duration LEASE = Duration.ofMinutes(5);
    static final Actor ANN = Actor.user("ann");

    static Desk over(AnyPawl.Over store) {
        return over(store, JsonCodec.none());
    }

    static Desk over(AnyPawl.Over store, JsonCodec codec) {
        AnyPawl any = store.open(codec);
        String queue = "q-" + UUID.randomUUID();
        any.jobs().enqueue(job().queue(queue));
        ClaimedJob<Json> held = any.jobs().claim(RECAP, queue, 1, LEASE).get(0);
        JobId pending = any.jobs().enqueue(job().queue(queue)).id();
        return new Desk(any, queue, pending, held);
    }

    static NewJob<Json> job() {
        return NewJob.of(RECAP, Json.of("{\"day\": 1}"));
    }

    Jobs jobs() {
        return any.jobs();
    }

    /** A job for this queue. */
    NewJob<Json> job(Json payload) {
        return NewJob.of(RECAP, payload).queue(queue);
    }

    JobId unknown() {
        return new JobId(queue, UUID.fromString("0190a6c1-0000-7000-8000-000000000001"));
    }

    String stored() {
        return any.stored(queue);
    }

    @Override
    public void close() {
        any.close();
    }
}
