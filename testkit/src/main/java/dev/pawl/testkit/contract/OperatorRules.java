package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Claimed;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** J6, J7: what an operator does to a job. */
interface OperatorRules extends Scene {
    @Test
    default void J6_ended_is_final() {
        // given
        Held completed = heldAtLastStage();
        done(completed.checkpoint());
        Held failed = held();
        done(failed.failForGood());
        Held cancelled = held();
        done(cancel(cancelled.id()));
        Whole before = whole(completed.id());
        Whole failedBefore = whole(failed.id());
        Whole cancelledBefore = whole(cancelled.id());

        // when
        time().advance(Duration.ofDays(30));
        refused(completed.renew());
        refused(failed.release());
        refused(cancelled.fail(Duration.ZERO));

        // then
        assertNothingClaimable();
        assertThat(whole(completed.id())).isEqualTo(before);
        assertThat(whole(failed.id())).isEqualTo(failedBefore);
        assertThat(whole(cancelled.id())).isEqualTo(cancelledBefore);
    }

    @Test
    default void J6_a_retried_job_goes_on_from_its_last_checkpoint_with_counters_anew() {
        // given: at the second stage, with progress, after a takeover
        Held held = held();
        done(held.checkpoint());
        done(held.at(1).saveProgress(5));
        held = takenOver(held);
        done(held.failForGood());
        time().advance(Duration.ofHours(1));

        // when
        done(retry(held.id()));

        // then
        JobSnapshot job = job(held);
        assertThat(job.status()).isEqualTo(JobStatus.WAITING);
        assertThat(job.dueAt()).contains(time().now());
        assertThat(job.endedAt()).isEmpty();
        assertThat(job.attempt()).isZero();
        assertThat(job.takeovers()).isZero();
        Claimed claimed = claimOne();
        assertThat(claimed.job().stage()).isEqualTo(1);
        assertThat(claimed.job().attempt()).isEqualTo(1);
        assertThat(claimed.progress()).contains(Held.PROGRESS);
        assertThat(jobs().results(held.id(), Set.of(0, 1, 2))).containsOnlyKeys(0);
    }

    @Test
    default void J6_a_job_that_was_cancelled_before_its_first_claim_is_pending_again() {
        // given
        JobId id = enqueued();
        done(cancel(id));

        // when
        done(retry(id));

        // then
        assertThat(job(id).status()).isEqualTo(JobStatus.PENDING);
        assertThat(claim().id()).isEqualTo(id);
    }

    @Test
    default void J6_a_retry_opens_no_door_to_former_holders() {
        // given
        Held former = held();
        done(cancel(former.id()));

        // when
        done(retry(former.id()));

        // then
        assertThat(reason(former.checkpoint())).isEqualTo(Refusal.Reason.RELEASED);
    }

    @Test
    default void J6_only_what_failed_or_was_cancelled_can_be_retried() {
        // given
        JobId pending = enqueue(draft().after(Duration.ofHours(1))).id();
        Held running = held();
        Held waiting = held();
        done(waiting.release(Duration.ofHours(1)));
        Held completed = heldAtLastStage();
        done(completed.checkpoint());

        // then
        assertThat(refused(retry(pending))).isEqualTo(new Refusal.NotAllowed("retry", "PENDING"));
        assertThat(refused(retry(running.id()))).isEqualTo(new Refusal.NotAllowed("retry", "RUNNING"));
        assertThat(refused(retry(waiting.id()))).isEqualTo(new Refusal.NotAllowed("retry", "WAITING"));
        assertThat(refused(retry(completed.id()))).isEqualTo(new Refusal.NotAllowed("retry", "COMPLETED"));
    }

    @Test
    default void J6_a_second_retry_is_refused() {
        // given
        Held held = held();
        done(held.failForGood());
        done(retry(held.id()));

        // when
        Refusal refusal = refused(retry(held.id()));

        // then
        assertThat(refusal).isEqualTo(new Refusal.NotAllowed("retry", "WAITING"));
    }

    @Test
    default void J7_cancel_fences_a_running_job_at_once() {
        // given
        Held held = held();
        done(held.checkpoint());
        time().advance(Duration.ofSeconds(1));

        // when
        done(cancel(held.id()));

        // then
        JobSnapshot job = job(held);
        assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job.endedAt()).contains(time().now());
        assertThat(job.holder()).isEmpty();
        assertThat(job.dueAt()).isEmpty();
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(jobs().results(held.id(), Set.of(0, 1, 2))).containsOnlyKeys(0);
        assertThat(refused(held.at(1).checkpoint())).isEqualTo(new Refusal.Ended("CANCELLED", time().now()));
        assertThat(refused(held.renew())).isEqualTo(new Refusal.Ended("CANCELLED", time().now()));
    }

    @Test
    default void J7_cancel_ends_what_nobody_holds() {
        // given
        JobId pending = enqueued();
        Held waiting = held(pending);
        done(waiting.release());
        JobId future = enqueue(draft().after(Duration.ofHours(1))).id();

        // when
        done(cancel(pending));
        done(cancel(future));

        // then
        assertThat(job(pending).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job(future).status()).isEqualTo(JobStatus.CANCELLED);
        time().advance(Duration.ofHours(2));
        assertNothingClaimable();
    }

    @Test
    default void J7_cancel_ends_a_job_whose_lease_has_run_out() {
        // given
        Held held = held();
        time().advance(LENGTH.multipliedBy(2));

        // when
        done(cancel(held.id()));

        // then
        assertNothingClaimable();
        assertThat(reason(held.checkpoint())).isEqualTo(Refusal.Reason.ENDED);
    }

    @Test
    default void J7_a_second_cancel_changes_nothing() {
        // given
        Held held = held();
        done(cancel(held.id()));

        // when
        time().advance(Duration.ofSeconds(1));

        // then
        repeated(cancel(held.id()));
    }

    @Test
    default void J7_what_completed_or_failed_cannot_be_cancelled() {
        // given
        Held completed = heldAtLastStage();
        done(completed.checkpoint());
        Held failed = held();
        done(failed.failForGood());

        // then
        assertThat(refused(cancel(completed.id()))).isEqualTo(new Refusal.Ended("COMPLETED", time().now()));
        assertThat(refused(cancel(failed.id()))).isEqualTo(new Refusal.Ended("FAILED", time().now()));
    }

    private Held held(JobId id) {
        Held held = claim();
        assertThat(held.id()).isEqualTo(id);
        return held;
    }
}
