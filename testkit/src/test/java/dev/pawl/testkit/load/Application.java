package dev.pawl.testkit.load;

import dev.pawl.Json;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.ClaimRequest.Runs;
import java.util.List;

/** The application whose jobs these are. What it writes into results and progress says who wrote it, and where. */
final class Application {
    private static final Stage<Json> FETCH = Stage.named("fetch", Json.class);
    private static final Stage<Json> CLEAN = Stage.named("clean", Json.class);
    private static final Stage<Json> SELECT = Stage.named("select", Json.class);
    private static final Stage<Json> PERSIST = Stage.named("persist", Json.class);

    /** Its last stage, and some of the others, write a row of the application's in the checkpoint's transaction. */
    static final Pipeline<Json, Json> EFFECTS =
            Pipeline.named("effects", Json.class).then(FETCH).then(CLEAN).then(PERSIST);

    /** Its stages write nothing but checkpoints. */
    static final Pipeline<Json, Json> PLAIN = Pipeline.named("plain", Json.class)
            .then(FETCH)
            .then(CLEAN)
            .then(SELECT)
            .then(PERSIST);

    static final List<Pipeline<Json, Json>> PIPELINES = List.of(EFFECTS, PLAIN);
    static final List<String> QUEUES = List.of("queue-1", "queue-2");
    static final List<Runs> RUNS = PIPELINES.stream()
            .map(pipeline -> Runs.asIs(
                    pipeline.name(), pipeline.version(), pipeline.stages().size()))
            .toList();

    /** A failed attempt at this number ends the job. */
    static final int ATTEMPTS = 3;

    /** A job that was taken over more often at one stage is failed without being run. */
    static final int TAKEOVERS = 5;

    /** Without constraints, so that what must not be can be seen. */
    static final String TABLES = """
            create table effect (job uuid, stage int, token bigint);
            create table acknowledged (kind text, job uuid, stage int, token bigint, number bigint)
            """;

    private Application() {}

    static Pipeline<Json, Json> pipeline(String name) {
        return name.equals(EFFECTS.name()) ? EFFECTS : PLAIN;
    }

    /** Whether the stage must not be checkpointed but with its effect. */
    static boolean needsEffect(String pipeline, int stage) {
        return pipeline.equals(EFFECTS.name()) && stage == EFFECTS.stages().size() - 1;
    }

    static Json result(long token, int stage, int variant) {
        return Json.of("{\"by\": %d, \"stage\": %d, \"variant\": %d}".formatted(token, stage, variant));
    }

    static Json progress(long token, long number) {
        return Json.of("{\"by\": %d, \"number\": %d}".formatted(token, number));
    }
}
