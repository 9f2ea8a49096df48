package dev.pawl.testkit.network;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.Refusal;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The connection is cut at a commit, and the one who asked does not know what became of it: by hand. A repeat is recognised by
 * its lease and its stage.
 */
@PawlTest
class LostAnswerTest {
    private static final Stage<String> FETCH = Stage.named("fetch", String.class);
    private static final Stage<Void> CLEAN = Stage.named("clean");
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> DIGEST =
            Pipeline.named("digest", String.class).then(FETCH).then(CLEAN).then(SEND);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private JdbiPawl pawl;
    private PostgresProxy network;

    @BeforeEach
    void open(JdbiPawl pawl, PostgresProxy network) {
        this.pawl = pawl;
        this.network = network;
        pawl.jobs().enqueue(NewJob.of(DIGEST, "first").key("first")); // which also records the pipeline
    }

    @AfterEach
    void every_cut_has_come() {
        assertThat(network.cutsToCome()).isZero();
    }

    @Test
    void an_enqueue_is_repeated_under_its_id_until_it_is_answered() {
        network.cutAfterCommit();
        Enqueued written = pawl.jobs().enqueue(NewJob.of(DIGEST, "second"));
        network.cutBeforeCommit();
        Enqueued notWritten = pawl.jobs().enqueue(NewJob.of(DIGEST, "third"));
        network.cutAfterCommit();
        Enqueued known = pawl.jobs().enqueue(NewJob.of(DIGEST, "again").key("first"));

        assertThat(written.created()).isTrue();
        assertThat(notWritten.created()).isTrue();
        assertThat(known.created()).isFalse();
        assertThat(pawl.jobs().claim(DIGEST, 10, LEASE))
                .extracting(ClaimedJob::payload)
                .containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    void an_enqueue_that_is_never_answered_says_so_and_is_known_by_its_key() {
        for (int tries = 0; tries < 3; tries++) {
            network.cutAfterCommit();
        }
        assertLost(() -> pawl.jobs().enqueue(NewJob.of(DIGEST, "second").key("second")), "enqueue 1 job");

        Enqueued repeated = pawl.jobs().enqueue(NewJob.of(DIGEST, "second").key("second"));

        assertThat(repeated.created()).isFalse();
        assertThat(pawl.jobs().claim(DIGEST, 10, LEASE)).hasSize(2);
    }

    @Test
    void a_completion_repeated_after_a_lost_answer_completes_once() {
        // given
        ClaimedJob<String> job = claimed();
        job.checkpoint(FETCH, "news");
        job.checkpoint(CLEAN);

        // when
        network.cutAfterCommit();
        assertLost(() -> job.checkpoint(SEND), "write to 1 job");
        JobStatus repeated = job.checkpoint(SEND);

        // then
        assertThat(repeated).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isCompleted();
        assertNothingWasRefused(job.id());
    }

    @Test
    void a_completion_that_the_server_never_heard_of_is_made_by_its_repeat() {
        ClaimedJob<String> job = claimed();
        job.checkpoint(FETCH, "news");
        job.checkpoint(CLEAN);

        network.cutBeforeCommit();
        assertLost(() -> job.checkpoint(SEND), "write to 1 job");
        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isRunning().isAtStage(SEND);

        assertThat(job.checkpoint(SEND)).isEqualTo(JobStatus.COMPLETED);
        assertNothingWasRefused(job.id());
    }

    /** Two stages in a row without a result: only the stage's name tells their checkpoints apart. */
    @Test
    void the_lost_answer_of_a_stage_without_result_is_not_taken_for_the_next_stages() {
        // given
        ClaimedJob<String> job = claimed();
        job.checkpoint(FETCH, "news");

        // when
        network.cutAfterCommit();
        assertLost(() -> job.checkpoint(CLEAN), "write to 1 job");

        // then
        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isAtStage(SEND);
        assertThat(job.checkpoint(CLEAN)).isEqualTo(JobStatus.RUNNING);
        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isAtStage(SEND);

        network.cutAfterCommit();
        assertLost(() -> job.checkpoint(SEND), "write to 1 job");
        assertThat(job.checkpoint(SEND)).isEqualTo(JobStatus.COMPLETED);
        assertNothingWasRefused(job.id());
    }

    @Test
    void a_failure_reported_after_a_lost_checkpoint_does_not_fail_the_next_stage() {
        // given
        ClaimedJob<String> job = claimed();
        network.cutAfterCommit();
        assertLost(() -> job.checkpoint(FETCH, "news"), "write to 1 job");

        // when: the caller takes the lost answer for a failure
        Refusal refusal = job.fail(new IllegalStateException("no answer"), RetryPolicy.never())
                .orElseThrow();

        // then
        assertThat(refusal).isEqualTo(new Refusal.NotAtStage(0, 1));
        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isRunning().isAtStage(CLEAN);
        assertThat(pawl.jobs().result(job.id(), DIGEST, FETCH)).contains("news");
        assertThat(pawl.jobs().failures(job.id())).extracting(Failure::kind).doesNotContain(Failure.Kind.FAILED);
    }

    @Test
    void progress_after_a_lost_checkpoint_does_not_land_in_the_next_stage() {
        ClaimedJob<String> job = claimed();
        network.cutAfterCommit();
        assertLost(() -> job.checkpoint(FETCH, "news"), "write to 1 job");

        assertThatThrownBy(() -> job.saveProgress("page 7")).hasMessageContaining("stage position 1");

        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isAtStage(CLEAN);
        assertThat(job.checkpoint(FETCH, "news")).isEqualTo(JobStatus.RUNNING);
        assertThat(job.progress(String.class)).isEmpty();
    }

    @Test
    void saved_progress_is_saved_by_its_repeat_or_by_the_next() {
        ClaimedJob<String> job = claimed();
        network.cutAfterCommit();
        assertLost(() -> job.saveProgress("page 7"), "write to 1 job");

        job.saveProgress("page 8");

        assertThat(job.release()).isEmpty();
        assertThat(claimed().progress(String.class)).contains("page 8");
    }

    @Test
    void a_failure_whose_answer_was_lost_is_recorded_once() {
        ClaimedJob<String> job = claimed();
        network.cutAfterCommit();
        assertLost(() -> job.fail(new IllegalStateException("ink"), RetryPolicy.never()), "write to 1 job");

        assertThat(job.fail(new IllegalStateException("ink"), RetryPolicy.never()))
                .isEmpty();

        assertThat(pawl.jobs().find(job.id()).orElseThrow()).isFailed();
        assertThat(pawl.jobs().failures(job.id())).extracting(Failure::kind).containsExactly(Failure.Kind.FAILED);
        assertThat(pawl.refusedWrites()).isZero();
    }

    @Test
    void a_release_whose_answer_was_lost_gives_back_once() {
        ClaimedJob<String> job = claimed();
        network.cutAfterCommit();
        assertLost(job::release, "write to 1 job");

        assertThat(job.release()).isEmpty();

        assertThat(claimed().number()).isEqualTo(1);
        assertNothingWasRefused(job.id());
    }

    private ClaimedJob<String> claimed() {
        return pawl.jobs().claim(DIGEST, 1, LEASE).get(0);
    }

    private static void assertLost(ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        lost -> assertThat(lost.kind()).isEqualTo(StoreException.Kind.ANSWER_LOST))
                .hasMessageContaining("it is not known whether this happened: " + what)
                .hasMessageEndingWith("Repeat the call: what was written is not written twice");
    }

    private void assertNothingWasRefused(JobId id) {
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }
}
