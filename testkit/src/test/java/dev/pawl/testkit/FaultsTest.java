package dev.pawl.testkit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the faults of the seam look like to whoever calls Pawl, and what they leave behind. */
class FaultsTest {
    private static final Stage<Void> WRITE = Stage.named("write");
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> MAIL =
            Pipeline.named("mail", String.class).then(WRITE).then(SEND);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final Faults faults = pawl.faults();

    @Test
    void before_the_commit_nothing_is_written() {
        ClaimedJob<String> job = claimed();
        faults.failBeforeCommit();

        assertThatStore(StoreException.Kind.UNREACHABLE, () -> job.checkpoint(WRITE));

        assertThat(pawl.job(job.id())).isAtStage(WRITE);
        job.checkpoint(WRITE);
        assertThat(pawl.job(job.id())).isAtStage(SEND);
    }

    @Test
    void after_the_commit_only_the_answer_is_lost() {
        ClaimedJob<String> job = claimed();
        faults.failAfterCommit();

        assertThatStore(StoreException.Kind.ANSWER_LOST, () -> job.checkpoint(WRITE));

        assertThat(pawl.job(job.id())).isAtStage(SEND);
        assertThat(job.checkpoint(WRITE)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void a_write_that_is_rejected_fails_alone() {
        ClaimedJob<String> job = claimed();
        faults.reject();

        assertThatStore(StoreException.Kind.FAILED, () -> job.checkpoint(WRITE));

        assertThat(pawl.job(job.id())).isAtStage(WRITE);
        job.checkpoint(WRITE);
    }

    @Test
    void what_is_busy_is_not_lost() {
        ClaimedJob<String> job = claimed();
        faults.busy();
        faults.busy();

        assertThatThrownBy(() -> job.checkpoint(WRITE))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining(job.id().toString());
        assertThatThrownBy(() -> pawl.jobs().enqueueAll(List.of(NewJob.of(MAIL, "Ann"), NewJob.of(MAIL, "Bob"))))
                .isInstanceOf(BusyException.class)
                .hasMessageStartingWith("one of 2 jobs");

        assertThat(pawl.job(job.id())).isAtStage(WRITE).isRunning();
        job.checkpoint(WRITE);
        assertThat(pawl.jobs().claim(MAIL, 10, LEASE)).isEmpty();
    }

    @Test
    void an_outage_concerns_everything_until_it_is_over() {
        ClaimedJob<String> job = claimed();
        faults.unreachable();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> pawl.jobs().enqueue(NewJob.of(MAIL, "Ann")),
                () -> pawl.jobs().claim(MAIL, 1, LEASE),
                () -> pawl.jobs().find(job.id()),
                () -> pawl.jobs().failures(job.id()),
                () -> pawl.jobs().result(job.id(), MAIL),
                job::renew,
                () -> job.checkpoint(WRITE))) {
            assertThatStore(StoreException.Kind.UNREACHABLE, call);
        }

        faults.reachable();
        assertThat(pawl.job(job.id())).isAtStage(WRITE).isRunning();
        job.renew();
    }

    @Test
    void a_delay_is_the_tests_time() {
        ClaimedJob<String> job = claimed();
        faults.delay(Duration.ofMinutes(1));

        job.checkpoint(WRITE);

        assertThat(pawl.job(job.id()).leaseExpiresAt())
                .contains(pawl.time().now().plus(LEASE));
    }

    @Test
    void each_fault_is_for_one_write_that_is_not_a_renewal() {
        ClaimedJob<String> job = claimed();
        faults.failBeforeCommit();

        job.renew();
        assertThat(pawl.jobs().find(job.id())).isPresent();
        assertThatStore(StoreException.Kind.UNREACHABLE, () -> pawl.jobs().enqueue(NewJob.of(MAIL, "Bob")));
        Enqueued carol = pawl.jobs().enqueue(NewJob.of(MAIL, "Carol"));

        assertThat(pawl.jobs().claim(MAIL, 10, LEASE))
                .extracting(ClaimedJob::id)
                .containsExactly(carol.id());
    }

    private ClaimedJob<String> claimed() {
        pawl.jobs().enqueue(NewJob.of(MAIL, "Ann"));
        return pawl.jobs().claim(MAIL, 1, LEASE).get(0);
    }

    private static void assertThatStore(StoreException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageStartingWith("a fault that the test asked for: ");
    }
}
