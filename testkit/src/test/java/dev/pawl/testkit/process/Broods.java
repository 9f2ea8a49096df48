package dev.pawl.testkit.process;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Jobs that fan out, some of them twice over, into leaves that each leave a row in the transaction of their end, or fail. */
final class Broods {
    static final String QUEUE = "broods";

    /** A job all of whose leaves complete; one that has a leaf which fails; one that fails fast by such a leaf. */
    static final Json GOOD = Json.of("\"good\"");

    static final Json BAD = Json.of("\"bad\"");
    /** Of a tree, its branches; and of each branch, its leaves. */
    static final int LEAVES = 3;

    static final int FAST_LEAVES = 8;

    private static final Stage<Void> WORK = Stage.named("work");
    private static final Stage<Void> SPLIT = Stage.named("split");
    private static final Stage<Void> SPREAD = Stage.named("spread");
    private static final Stage<Void> FINISH = Stage.named("finish");
    private static final Pipeline<Json, Void> LEAF =
            Pipeline.named("leaf", Json.class).then(WORK);
    private static final Pipeline<Json, Void> BRANCH =
            Pipeline.named("branch", Json.class).then(SPLIT);
    static final Pipeline<Json, Void> TREE =
            Pipeline.named("tree", Json.class).then(SPREAD).then(FINISH);
    static final Pipeline<Json, Void> FAST = Pipeline.named("fast", Json.class).then(SPREAD);

    private Broods() {}

    static JobId enqueue(JdbiPawl pawl, Pipeline<Json, Void> pipeline, Json payload) {
        return pawl.jobs().enqueue(NewJob.of(pipeline, payload).queue(QUEUE)).id();
    }

    static List<Handlers<Json>> handlers(JdbiPawl pawl) {
        return Stream.of(
                        tree(Handlers.of(TREE)),
                        Handlers.of(FAST)
                                .retrying(RetryPolicy.never())
                                .fanOut(SPREAD)
                                .into(LEAF, job -> children(job, FAST_LEAVES))
                                .join(FanIn.FAIL_FAST, (job, leaves) -> Outcome.done()),
                        Handlers.of(BRANCH)
                                .retrying(RetryPolicy.never())
                                .fanOut(SPLIT)
                                .into(LEAF, job -> children(job, LEAVES))
                                .join((job, leaves) -> Outcome.done()),
                        Handlers.of(LEAF).retrying(RetryPolicy.never()).on(WORK, pawl.transactional((job, handle) -> {
                            if (job.payload().equals(BAD)) {
                                return Outcome.failed("as it was told");
                            }
                            handle.execute(
                                    "insert into effect values (?, ?, ?)",
                                    job.id().uuid(),
                                    job.stage(),
                                    job.token().value());
                            return Outcome.done();
                        })))
                .toList();
    }

    private static Handlers<Json> tree(Handlers<Json> handlers) {
        return handlers.retrying(RetryPolicy.never())
                .fanOut(SPREAD)
                .into(BRANCH, job -> children(job, LEAVES))
                .join((job, branches) -> Outcome.done())
                .on(FINISH, job -> Outcome.done());
    }

    /** The first of them is as bad as its parent. */
    private static Map<String, Json> children(Attempt<Json> parent, int count) {
        Map<String, Json> children = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            children.put("child-" + i, i == 0 ? parent.payload() : GOOD);
        }
        return children;
    }
}
