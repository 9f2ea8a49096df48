package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.job.Failure;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.Fence;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.network.Told;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A worker whose store fails it where a family is started, or judged. */
class WorkerFamiliesTest extends WorkerScene {
    private static final Stage<Void> LIST = Stage.named("list");
    private static final Pipeline<String, Void> WIDE =
            Pipeline.named("wide", String.class).then(LIST);
    private final StoreException away =
            new StoreException(StoreException.Kind.UNREACHABLE, "away", new IllegalStateException("cut"));
    private final StoreException lost =
            new StoreException(StoreException.Kind.ANSWER_LOST, "lost", new IllegalStateException("cut"));

    private final Told told = new Told();

    // ---- the verdict ----

    @Test
    void a_store_that_cannot_count_the_children_costs_their_parent_no_attempt() throws InterruptedException {
        JobId id = enqueueWide();
        pawl.store().failNextLook(away);
        pawl.store().failNextLook(away);

        try (Worker worker = start(wide(2, job -> done()))) {
            awaitFailedLooks(worker);
            assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(told.storeFailures()).containsExactly(away, away);
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void nor_does_one_that_cannot_say_why_they_failed() throws InterruptedException {
        JobId id = enqueueWide();

        pawl.store().failNextLook(away); // the count
        pawl.store().failNextReason(away);

        try (Worker worker = start(wide(5, job -> failed("ink " + job.payload())))) {
            awaitFailedLooks(worker);
            assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
        }

        assertThat(pawl.jobs().failures(id))
                .extracting(Failure::message)
                .containsExactly("0 of 5 children completed, 0 open, 5 failed, 0 cancelled, but all must complete:"
                        + " 1: ink 1; 2: ink 2; 3: ink 3");
    }

    @Test
    void the_first_failures_are_told_and_no_child_is_read_for_it() throws InterruptedException {
        JobId id = enqueueWide();

        try (Worker worker = start(wide(9, job -> job.payload().compareTo("4") < 0 ? done() : failed("ink")))) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
            await().until(() -> worker.held() == 0);
        }

        assertThat(pawl.jobs().failures(id).get(0).message()).endsWith(": 4: ink; 5: ink; 6: ink");
        assertThat(pawl.store().pages()).isZero();
    }

    @Test
    void a_wide_family_that_fails_fast_is_counted_before_its_first_step_and_after_its_last()
            throws InterruptedException {
        // given: more children than two steps cancel
        JobId id = enqueueWide();
        Handlers<String> parent = Handlers.of(WIDE)
                .retrying(RetryPolicy.never())
                .fanOut(LIST)
                .into(SHORT, job -> upTo(1_200))
                .join(FanIn.FAIL_FAST, (job, all) -> done());

        // when: one of them fails, and nobody runs the others
        try (Worker worker = start(parent)) {
            await().until(() -> pawl.jobs().find(id).orElseThrow().children().isPresent());
            Claimed child = claim(SHORT, 1).get(0);
            pawl.memory().write(List.of(failure(child)));
            assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
            await().until(() -> worker.held() == 0);
        }

        // then
        assertThat(pawl.store().batches())
                .filteredOn(batch -> batch.get(0) instanceof JobWrite.CancelChildren)
                .hasSize(3);
        assertThat(pawl.store().counts()).isEqualTo(2);
    }

    // ---- orphans ----

    @Test
    void a_step_of_cancelling_orphans_that_fails_keeps_no_worker_from_claiming() throws InterruptedException {
        pawl.store().failOrphansWith(away);
        JobId id = enqueueWide();

        try (Worker worker = start(wide(2, job -> done()))) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.storeFailures()).hasSizeBetween(1, 5).containsOnly(away);
    }

    @Test
    void a_cancel_goes_on_with_its_children_when_somebody_lets_go_of_them() {
        JobId id = enqueueWide();
        try (Worker worker = start(parents(600))) {
            await().until(() -> pawl.jobs().find(id).orElseThrow().children().isPresent() && worker.held() == 0);
        }
        pawl.store().lockOrphans(3);

        pawl.jobs().cancel(id, Actor.user("ann"));

        assertThat(pawl.jobs().find(id).orElseThrow().children())
                .hasValueSatisfying(children -> assertThat(children.open()).isZero());
    }

    // ---- a fan-out whose answer was lost ----

    @Test
    void a_fan_out_whose_answer_was_lost_is_no_loss_though_others_have_finished_the_stage() throws Exception {
        JobId id = enqueueWide();

        try (Worker worker = losing(lost, Optional.empty())) {
            for (Claimed child : claim(SHORT, 2)) {
                pawl.memory().write(List.of(checkpoint(child)));
            }
            for (Claimed parent : claim(WIDE, 1)) {
                pawl.memory().write(List.of(checkpoint(parent)));
            }
            pawl.store().failWith(write -> false);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).isEmpty();
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_fan_out_that_did_not_happen_before_its_lease_was_lost_is_told_as_refused() throws Exception {
        JobId id = enqueueWide();

        try (Worker worker = losing(lost, Optional.of(lost))) {
            assertThat(claim(WIDE, 1)).hasSize(1);
            pawl.store().failWith(write -> false);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).hasSize(1).allSatisfy(line -> assertThat(line).startsWith("refused "));
        assertThat(pawl.jobs().find(id).orElseThrow().children()).isEmpty();
    }

    /** A worker whose fan-out is not answered, nor its repeats, until somebody lets them. */
    private Worker losing(StoreException answer, Optional<StoreException> before) {
        before.ifPresentOrElse(pawl.store()::failNextBefore, () -> pawl.store().failNextAfter(answer));
        Worker worker = pawl.worker("wide")
                .run(parents(2))
                .lease(NEVER)
                .concurrency(1)
                .prefetch(0) // so that it claims nothing while it holds the job
                .listener(told)
                .listener(new WorkerListener() {
                    @Override
                    public void storeFailed(String what, RuntimeException failure) {
                        if (failure == answer) {
                            pawl.store().failWith(JobWrite.FanOut.class::isInstance);
                        }
                    }
                })
                .start();
        await().until(() -> told.storeFailures().size() >= 2);
        return worker;
    }

    // ---- words ----

    private JobId enqueueWide() {
        return pawl.jobs().enqueue(NewJob.of(WIDE, "x")).id();
    }

    private static Handlers<String> parents(int children) {
        return Handlers.of(WIDE)
                .retrying(RetryPolicy.never())
                .fanOut(LIST)
                .into(SHORT, job -> upTo(children))
                .join(FanIn.ALL, (job, all) -> done());
    }

    private static Map<String, String> upTo(int children) {
        return IntStream.rangeClosed(1, children)
                .mapToObj(Integer::toString)
                .collect(Collectors.toMap(key -> key, key -> key));
    }

    private Handlers<?>[] wide(int children, Handler<String, Void> child) {
        return new Handlers<?>[] {
            parents(children), Handlers.of(SHORT).retrying(RetryPolicy.never()).on(PERSIST, child)
        };
    }

    private Worker start(Handlers<?>... all) {
        Worker.Builder worker = pawl.worker("wide")
                .lease(NEVER)
                .concurrency(1)
                .pollInterval(Duration.ofMillis(20))
                .listener(told);
        for (Handlers<?> handlers : all) {
            worker.run(handlers);
        }
        return worker.start();
    }

    /** Moves the time on, since what is given back is not claimable at once. */
    private void awaitFailedLooks(Worker worker) {
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofMillis(500));
            return told.storeFailures().size() == 2 && worker.held() == 0;
        });
        pawl.memory().time().advance(Duration.ofSeconds(2));
    }

    private List<Claimed> claim(Pipeline<String, Void> pipeline, int count) {
        return await().until(
                        () -> {
                            pawl.memory().time().advance(Duration.ofDays(1));
                            return pawl.memory()
                                    .claim(ClaimRequest.everywhere(
                                            "wide",
                                            List.of(ClaimRequest.Runs.asIs(pipeline.name(), 1, 1)),
                                            "thief#1",
                                            Duration.ofDays(100),
                                            count));
                        },
                        claimed -> claimed.size() == count);
    }

    private static JobWrite checkpoint(Claimed claimed) {
        Fence fence = claimed.job().fence().orElseThrow();
        return new JobWrite.Checkpoint(claimed.job().id(), fence, 0, Optional.empty(), NEVER);
    }

    private static JobWrite failure(Claimed claimed) {
        Fence fence = claimed.job().fence().orElseThrow();
        return new JobWrite.Fail(claimed.job().id(), fence, 0, ErrorInfo.of("ink"), Optional.empty());
    }
}
