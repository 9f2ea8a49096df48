package dev.pawl.dashboard;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.scan.KeyColumn;
import dev.pawl.scan.Scan;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.worker.Handlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Jobs in every state, and a scan that stands. */
final class Newsroom {
    static final Duration LEASE = Duration.ofMinutes(10);
    static final Stage<Json> FETCH = Stage.named("fetch", Json.class);
    static final Stage<Void> PERSIST = Stage.named("persist");
    static final Pipeline<Json, Void> RECAP =
            Pipeline.named("recap", Json.class).then(FETCH).then(PERSIST);
    static final Stage<Json> SORT = Stage.named("sort", Json.class);
    static final Pipeline<Json, Json> GENRE =
            Pipeline.named("genre", Json.class).then(SORT);
    static final Stage<Json> GENRES = Stage.named("genres", Json.class);
    static final Pipeline<Json, Json> DIGEST =
            Pipeline.named("digest", Json.class).then(GENRES);
    static final Json PAYLOAD =
            Json.of("{\"secret\":\"s3cr3t\",\"n\":12345678901234567890,\"n\":1.50,\"list\":[true,false,null]}");

    private Newsroom() {}

    static JobId enqueue(Jobs jobs, Actor by) {
        return jobs.enqueue(NewJob.of(RECAP, PAYLOAD).triggeredBy(by)).id();
    }

    static ClaimedJob<Json> claim(Jobs jobs) {
        return jobs.claim(RECAP, 1, LEASE).get(0);
    }

    /** One of each: completed, failed, cancelled, waiting for another try, running. */
    static JobId fill(Jobs jobs) {
        enqueue(jobs, Actor.user("ann"));
        ClaimedJob<Json> first = claim(jobs);
        first.checkpoint(FETCH, Json.of("{\"articles\":[\"<script>alert(1)</script>\"]}"));
        first.checkpoint(PERSIST);
        enqueue(jobs, Actor.SYSTEM);
        claim(jobs).fail(new IllegalStateException("no <b>network</b>"), RetryPolicy.never());
        jobs.cancel(enqueue(jobs, Actor.user("bob")), Actor.user("ann"));
        enqueue(jobs, Actor.SYSTEM);
        claim(jobs)
                .fail(
                        new IllegalStateException("again"),
                        RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(2)));
        enqueue(jobs, Actor.user("ann"));
        ClaimedJob<Json> running = claim(jobs);
        running.checkpoint(FETCH, Json.of("[1,2]"));
        return running.id();
    }

    /** A parent whose children have ended, one of them badly, and itself. */
    static JobId family(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(DIGEST, Json.of("{}"))).id();
        Handlers<Json> parents = Handlers.of(DIGEST)
                .fanOut(GENRES)
                .into(GENRE, attempt -> Map.of("politics", Json.of("1"), "sport", Json.of("2")))
                .join((attempt, children) -> Outcome.done(Json.of("[]")));
        pawl.stepWorker("worker-1", parents).stage();
        return id;
    }

    static void failingScan(InMemoryPawl pawl) {
        Scan scan = pawl.scan(
                        "articles",
                        MemoryRows.of(() -> List.of(1, 2, 3, 4, 5))
                                .by(KeyColumn.asc("id"), row -> row)
                                .pagesOf(2))
                .retry(RetryPolicy.never())
                .atLeastOnce(page -> {
                    throw new IllegalStateException("no disk");
                });
        scan.lap();
    }
}
