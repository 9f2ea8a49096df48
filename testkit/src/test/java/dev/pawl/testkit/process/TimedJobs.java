package dev.pawl.testkit.process;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/** Jobs that note when they run, by the database's clock, whatever their worker's may say. */
final class TimedJobs {
    /** Fails at its first attempt. */
    static final String FAILS_ONCE = "fails once";

    /** Takes three lengths of its lease. */
    static final String LENGTHY = "lengthy";

    static final String TABLE = "create table timed (job uuid, what text, at timestamptz default clock_timestamp())";

    private static final Stage<Void> ONLY = Stage.named("only");
    static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("timed", Json.class).then(ONLY);

    private TimedJobs() {}

    static Worker work(JdbiPawl pawl, Jdbi jdbi) {
        return pawl.worker(PIPELINE.name())
                .run(Handlers.of(PIPELINE)
                        .retrying(RetryPolicy.exponential(ClockScene.PAUSE, ClockScene.PAUSE)
                                .attempts(2))
                        .on(ONLY, job -> run(job, jdbi)))
                .lease(ClockScene.LEASE)
                .start();
    }

    private static Outcome<Void> run(Attempt<Json> job, Jdbi jdbi) throws Exception {
        note(jdbi, job.id(), "ran " + job.number());
        jdbi.useHandle(handle -> handle.execute(
                "insert into timed select id, ?, due_at from pawl.job where id = ?",
                "due " + job.number(),
                job.id().uuid()));
        String deed = job.payload().text().replace("\"", "");
        if (deed.equals(FAILS_ONCE) && job.number() == 1) {
            throw new IOException("no");
        }
        if (deed.equals(LENGTHY)) {
            var unused = new CountDownLatch(1).await(3 * ClockScene.LEASE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return Outcome.done();
    }

    static void note(Jdbi jdbi, JobId id, String what) {
        jdbi.useHandle(handle -> handle.execute("insert into timed (job, what) values (?, ?)", id.uuid(), what));
    }
}
