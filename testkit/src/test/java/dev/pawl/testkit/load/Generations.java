package dev.pawl.testkit.load;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;

import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Pipelines that fan out under each policy, and whose leaves fail now and then. */
final class Generations {
    static final String QUEUE = "families";
    static final Stage<Void> WORK = Stage.named("work");
    private static final Stage<Void> SPREAD = Stage.named("spread");
    static final Pipeline<Json, Void> LEAF = Pipeline.named("leaf", Json.class).then(WORK);

    /** Ended by applications, each in a transaction of its own, and not by workers. */
    static final Pipeline<Json, Void> BY_HAND =
            Pipeline.named("by-hand", Json.class).then(WORK);

    static final Pipeline<Json, Void> WIDE = parent("wide");
    static final Pipeline<Json, Void> ALL = parent("all");
    static final Pipeline<Json, Void> FAST = parent("fast");
    static final Pipeline<Json, Void> NESTED = parent("nested");
    static final Pipeline<Json, Void> HANDS = parent("hands");
    static final List<Pipeline<Json, Void>> ROOTS = List.of(ALL, FAST, NESTED, HANDS);

    private static final Json EMPTY = Json.of("{}");
    private static final int ONE_IN = 20;

    private Generations() {}

    private static Pipeline<Json, Void> parent(String name) {
        return Pipeline.named(name, Json.class).then(SPREAD);
    }

    static List<Handlers<Json>> handlers() {
        return List.of(
                Handlers.of(LEAF)
                        .retrying(RetryPolicy.never())
                        .on(
                                WORK,
                                job -> ThreadLocalRandom.current().nextInt(ONE_IN) == 0 ? failed("bad luck") : done()),
                fannedOut(ALL, LEAF, 10, FanIn.ALL),
                fannedOut(FAST, LEAF, 10, FanIn.FAIL_FAST),
                fannedOut(NESTED, ALL, 4, FanIn.tolerating(2)),
                fannedOut(HANDS, BY_HAND, 6, FanIn.tolerating(1)));
    }

    /** For those that nobody ends by hand any more. */
    static Handlers<Json> byWorkers() {
        return Handlers.of(BY_HAND).on(WORK, job -> done());
    }

    private static Handlers<Json> fannedOut(
            Pipeline<Json, Void> parent, Pipeline<Json, Void> into, int children, FanIn policy) {
        return Handlers.of(parent)
                .retrying(RetryPolicy.never())
                .fanOut(SPREAD)
                .into(into, job -> children(children))
                .join(policy, (job, ended) -> done());
    }

    private static Map<String, Json> children(int count) {
        Map<String, Json> children = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            children.put("child-" + i, EMPTY);
        }
        return children;
    }

    /** As many leaves as the job's payload says. */
    static Handlers<Json> asItsPayloadSays(FanIn policy, Consumer<JobId> onJoin) {
        return Handlers.of(WIDE)
                .fanOut(SPREAD)
                .into(LEAF, job -> children(Integer.parseInt(job.payload().text())))
                .join(policy, (job, ended) -> {
                    onJoin.accept(job.id());
                    return done();
                });
    }
}
