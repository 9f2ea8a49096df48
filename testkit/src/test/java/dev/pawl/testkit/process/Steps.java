package dev.pawl.testkit.process;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import java.util.List;

/** Three stages, each of which leaves a row of the application's in the transaction of its checkpoint. */
final class Steps {
    static final Stage<Void> ONE = Stage.named("one");
    static final Stage<Void> TWO = Stage.named("two");
    static final Stage<Void> THREE = Stage.named("three");
    static final List<Stage<Void>> STAGES = List.of(ONE, TWO, THREE);
    static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("steps", Json.class).then(ONE).then(TWO).then(THREE);

    /** An effect is there if its stage is done; an attempt as soon as it has begun. */
    static final String TABLES = """
            create table effect (job uuid, stage text, token bigint);
            create table begun (job uuid, stage text, token bigint)
            """;

    private Steps() {}

    /** What a job does at its second stage, before its row is written. */
    @FunctionalInterface
    interface Deed {
        void happen(String name, Attempt<Json> job) throws Exception;
    }

    static JobId enqueue(JdbiPawl pawl, String deed) {
        return pawl.jobs()
                .enqueue(NewJob.of(PIPELINE, Json.of("\"" + deed + "\"")))
                .id();
    }

    static Handlers<Json> handlers(JdbiPawl pawl, Deed deed) {
        Handlers<Json> handlers = Handlers.of(PIPELINE).retrying(RetryPolicy.never());
        for (Stage<Void> stage : STAGES) {
            handlers = handlers.on(stage, pawl.transactional((job, handle) -> {
                if (stage.equals(TWO)) {
                    deed.happen(job.payload().text().replace("\"", ""), job);
                }
                handle.execute(
                        "insert into effect values (?, ?, ?)",
                        job.id().uuid(),
                        job.stage(),
                        job.token().value());
                return Outcome.done();
            }));
        }
        return handlers;
    }
}
