package dev.pawl.testkit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.FencingToken;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each assertion holds where it should, and fails like a sentence where it should not. */
class PawlAssertionsTest {
    private final InMemoryJobStore store = InMemoryJobStore.create();
    private final JobId id = TestJobs.enqueueAndClaim(store, "x");
    private final JobSnapshot running = store.find(id).orElseThrow();

    @Test
    void what_is_true_passes() {
        assertThat(running)
                .isRunning()
                .isAtStage("only")
                .isHeldBy("worker-1")
                .isHeldBy("worker-1#1")
                .hasAttempt(1)
                .hasTakeovers(0)
                .hasToken(new FencingToken(1))
                .hasStagesDone(0)
                .hasOpenChildren(0)
                .hasFailedChildren(0);
    }

    @Test
    void what_is_not_fails_like_a_sentence() {
        Map<Consumer<JobAssert>, String> sentences = Map.ofEntries(
                Map.entry(JobAssert::isPending, "to be PENDING"),
                Map.entry(JobAssert::isWaiting, "to be WAITING"),
                Map.entry(JobAssert::isCompleted, "to be COMPLETED"),
                Map.entry(JobAssert::isFailed, "to be FAILED"),
                Map.entry(JobAssert::isCancelled, "to be CANCELLED"),
                Map.entry(JobAssert::isHeldByNobody, "to be held by nobody"),
                Map.entry(job -> job.isHeldBy("worker-2"), "to be held by worker-2"),
                Map.entry(job -> job.isHeldBy("worker"), "to be held by worker"),
                Map.entry(job -> job.isAtStage("other"), "to be at stage other"),
                Map.entry(job -> job.hasAttempt(2), "to be at attempt 2, but was at attempt 1"),
                Map.entry(
                        job -> job.hasTakeovers(3),
                        "to have been taken over 3 times at its stage, but was taken over 0 times"),
                Map.entry(job -> job.hasToken(new FencingToken(9)), "to have token #9"),
                Map.entry(job -> job.hasOpenChildren(2), "to have 2 open children at its stage"),
                Map.entry(job -> job.hasFailedChildren(1), "to have 1 failed children at its stage"),
                Map.entry(job -> job.hasStagesDone(1), "to have 1 stages done, but was at 0"));

        sentences.forEach((claim, sentence) -> assertThatThrownBy(() -> claim.accept(assertThat(running)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected " + running + ", " + sentence));
    }

    @Test
    void a_description_goes_before() {
        assertThatThrownBy(() -> assertThat(running).as("after the crash").isPending())
                .hasMessageStartingWith("[after the crash] expected " + id);
        assertThat(running.toString()).contains("RUNNING at only (1 of 1)");
    }
}
