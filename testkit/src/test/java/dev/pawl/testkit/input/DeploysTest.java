package dev.pawl.testkit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Stages change from one deploy to the next while jobs are under way, and old and new workers share a queue. */
class DeploysTest {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final String name = "deploys-" + UUID.randomUUID().toString().substring(0, 8);
    private final Pipeline<Json, Json> v1 = pipeline(start(), "fetch", "dedup", "persist");

    private Pipeline.Builder<Json> start() {
        return Pipeline.named(name, Json.class);
    }

    private static Pipeline<Json, Json> pipeline(Pipeline.Builder<Json> start, String... stages) {
        Pipeline<Json, Json> pipeline = start.then(stage(stages[0]));
        for (int i = 1; i < stages.length; i++) {
            pipeline = pipeline.then(stage(stages[i]));
        }
        return pipeline;
    }

    private static Stage<Json> stage(String name) {
        return Stage.named(name, Json.class);
    }

    private static Json text(String text) {
        return Json.of("\"" + text + "\"");
    }

    /** Each stage says which deploy ran it. */
    private static Handlers<Json> handlers(String deploy, Pipeline<Json, Json> pipeline) {
        Handlers<Json> handlers = Handlers.of(pipeline);
        for (String stage : pipeline.stageNames()) {
            handlers = handlers.on(stage(stage), job -> Outcome.done(text(deploy)));
        }
        return handlers;
    }

    private Worker worker(AnyPawl any, String deploy, Pipeline<Json, Json> pipeline) {
        return any.pawl().worker(name).run(handlers(deploy, pipeline)).start();
    }

    private JobId enqueued(AnyPawl any) {
        return any.jobs().enqueue(NewJob.of(v1, Json.NULL)).id();
    }

    /** A job of the first version, with so many stages done, that waits for a worker. */
    private JobId underWay(AnyPawl any, int stagesDone) {
        JobId id = enqueued(any);
        if (stagesDone > 0) {
            ClaimedJob<Json> held = any.jobs().claim(v1, 1, LEASE).get(0);
            assertThat(held.id()).isEqualTo(id);
            v1.stageNames().subList(0, stagesDone).forEach(stage -> held.checkpoint(stage(stage), text("by hand")));
            held.release();
        }
        return id;
    }

    private List<Json> results(AnyPawl any, JobId id, Pipeline<Json, Json> pipeline) {
        return pipeline.stages().stream()
                .flatMap(stage -> any.jobs().result(id, pipeline, stage).stream())
                .map(Json.class::cast)
                .toList();
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                        Arguments.of("added", List.of("fetch", "dedup", "genre", "persist"), "(added here: genre)"),
                        Arguments.of("removed", List.of("fetch", "persist"), "(missing here: dedup)"),
                        Arguments.of(
                                "renamed",
                                List.of("fetch", "unique", "persist"),
                                "(added here: unique; missing here: dedup)"),
                        Arguments.of(
                                "reordered",
                                List.of("fetch", "persist", "dedup"),
                                "(the same stages in another order, from 'persist' on)"))
                .flatMap(change -> Stream.of(Over.values())
                        .map(over -> Arguments.of(change.get()[0], change.get()[1], change.get()[2], over)));
    }

    @ParameterizedTest(name = "{0}, {3}")
    @MethodSource("changes")
    void changed_stages_under_the_same_version_do_not_start(
            String change, List<String> stages, String difference, Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            JobId id = underWay(any, 1);
            String before = any.stored(name);
            Pipeline<Json, Json> changed = pipeline(start(), stages.toArray(String[]::new));

            List<ThrowingCallable> doors = List.of(
                    () -> worker(any, "changed", changed),
                    () -> any.jobs().enqueue(NewJob.of(changed, Json.NULL)),
                    () -> any.jobs().claim(changed, 1, LEASE));

            doors.forEach(door -> assertThatThrownBy(door)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(
                            "pipeline " + name + " v1 has the stages " + stages + " here",
                            "but is recorded with [fetch, dedup, persist]",
                            difference,
                            "changed stages need a new version"));
            assertThat(any.stored(name)).isEqualTo(before);
            assertThat(any.jobs().claim(v1, 1, LEASE))
                    .extracting(ClaimedJob::id)
                    .containsExactly(id);
        }
    }

    @ParameterizedTest(name = "{0}, {3}")
    @MethodSource("changes")
    void jobs_within_the_stages_in_common_go_on_in_the_new_version_and_others_end_in_the_old(
            String change, List<String> stages, String difference, Over over) throws InterruptedException {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            JobId ahead = underWay(any, 2); // all changes are behind the first stage, or at it
            JobId fresh = underWay(any, 0);
            Pipeline<Json, Json> v2 = pipeline(start().version(2).continuing(v1), stages.toArray(String[]::new));
            boolean bothCommon = v1.stageNames().subList(0, 2).equals(stages.subList(0, 2));

            Worker newer = worker(any, "v2", v2);
            JobSnapshot adopted = any.jobs().await(fresh, SOON);
            String untouched =
                    bothCommon ? "" : any.jobs().find(ahead).orElseThrow().toString();
            Worker older = worker(any, "v1", v1);
            JobSnapshot other = any.jobs().await(ahead, SOON);
            newer.close();
            older.close();

            assertThat(adopted.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(adopted.version()).isEqualTo(2);
            assertThat(adopted.stages()).isEqualTo(stages);
            assertThat(results(any, fresh, v2)).hasSize(stages.size()).containsOnly(text("v2"));
            assertThat(other.status()).isEqualTo(JobStatus.COMPLETED);
            if (bothCommon) {
                assertThat(other.version()).isEqualTo(2);
            } else {
                assertThat(untouched).contains("WAITING at persist (3 of 3)");
                assertThat(other.version()).isEqualTo(1);
                assertThat(results(any, ahead, v1)).containsExactly(text("by hand"), text("by hand"), text("v1"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_new_version_that_continues_none_leaves_the_jobs_of_the_old_alone(Over over) throws InterruptedException {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            JobId old = underWay(any, 1);
            String before = any.jobs().find(old).orElseThrow().toString();
            Pipeline<Json, Json> v2 = pipeline(start().version(2), "fetch", "dedup", "persist");
            try (Worker newer = worker(any, "v2", v2)) {
                JobId of2 = any.jobs().enqueue(NewJob.of(v2, Json.NULL)).id();
                assertThat(any.jobs().await(of2, SOON).status()).isEqualTo(JobStatus.COMPLETED);
                await().untilAsserted(() -> assertThat(newer.held()).isZero()); // it is told after those who wait
            }
            assertThat(any.jobs().find(old).orElseThrow()).hasToString(before);
            try (Worker older = worker(any, "v1", v1)) {
                assertThat(any.jobs().await(old, SOON).version()).isEqualTo(1);
                assertThat(older.toString()).contains(name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_job_of_a_newer_deploy_is_left_to_a_worker_that_knows_it(Over over) throws InterruptedException {
        Pipeline<Json, Json> v2 = pipeline(start().version(2).continuing(v1), "fetch", "genre");
        try (AnyPawl any = over.open(JsonCodec.none());
                Worker older = worker(any, "v1", v1)) {
            JobId unknown = any.jobs().enqueue(NewJob.of(v2, Json.NULL)).id();
            JobId known = enqueued(any); // once this is done, the older worker has seen the other, too
            assertThat(any.jobs().await(known, SOON).version()).isEqualTo(1);
            assertThat(any.jobs().find(unknown).orElseThrow().status()).isEqualTo(JobStatus.PENDING);
            assertThat(any.jobs().claim(v1, 10, LEASE)).isEmpty();

            try (Worker newer = worker(any, "v2", v2)) {
                assertThat(any.jobs().await(unknown, SOON).status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(newer.toString()).contains(name);
            }
            assertThat(results(any, unknown, v2)).containsExactly(text("v2"), text("v2"));
            assertThat(any.jobs().failures(unknown)).isEmpty();
            assertThat(older.held()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_version_can_only_be_continued_as_it_is_recorded(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            underWay(any, 2); // dedup is done, and would count as persist
            String before = any.stored(name);
            Pipeline<Json, Json> misremembered = pipeline(start(), "fetch", "persist");
            Pipeline<Json, Json> v2 =
                    pipeline(start().version(2).continuing(misremembered), "fetch", "persist", "publish");

            assertThatThrownBy(() -> worker(any, "v2", v2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(
                            "pipeline " + name + " v1 has the stages [fetch, persist] here",
                            "but is recorded with [fetch, dedup, persist] (missing here: dedup)",
                            "which may continue v1 as it is recorded");

            assertThat(any.stored(name)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_result_is_found_by_its_stages_name_in_whatever_version_the_job_ran(Over over) {
        Pipeline<Json, Json> v2 = pipeline(start().version(2).continuing(v1), "fetch", "genre", "dedup");
        try (AnyPawl any = over.open(JsonCodec.none())) {
            JobId id = enqueued(any);
            ClaimedJob<Json> held = any.jobs().claim(v1, 1, LEASE).get(0);
            v1.stageNames().forEach(stage -> held.checkpoint(stage(stage), text(stage)));

            assertThat(any.jobs().result(id, v2, stage("dedup"))).contains(text("dedup"));
            assertThat(any.jobs().result(id, v2, stage("genre"))).isEmpty();
            assertThat(any.jobs().result(id, v1)).contains(text("persist"));
        }
    }
}
