package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** J1, J2, J3: a stage is done once, in order, and in one write. */
interface CheckpointRules extends Scene {
    Set<Integer> ALL = Set.of(0, 1, 2);

    @Test
    default void J1_position_result_and_lease_move_together() {
        // given
        Held held = held();
        time().advance(Duration.ofSeconds(10));

        // when
        JobState state = done(held.checkpoint());

        // then
        JobSnapshot job = job(held);
        assertThat(state.stage()).isEqualTo(1);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.stage()).contains("dedup");
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(job.leaseExpiresAt()).contains(time().now().plus(LENGTH));
        assertThat(job.holder()).contains(held.fence().holder());
        assertThat(job.token()).contains(held.token());
        assertThat(jobs().results(held.id(), ALL)).isEqualTo(Map.of(0, Held.RESULT));
    }

    @Test
    default void J1_a_checkpoint_leaves_the_place_and_the_origin_of_the_job_alone() {
        // given
        Held held = held();
        JobSnapshot before = job(held);
        time().advance(Duration.ofSeconds(10));

        // when
        done(held.checkpoint());

        // then
        JobSnapshot after = job(held);
        assertThat(after.dueAt()).isEqualTo(before.dueAt());
        assertThat(after.since()).isEqualTo(before.since());
        assertThat(after.startedAt()).isEqualTo(before.startedAt());
        assertThat(after.payload()).isEqualTo(before.payload());
        assertThat(after.enqueuedAt()).isEqualTo(before.enqueuedAt());
    }

    @Test
    default void J1_the_next_stage_begins_with_counters_of_its_own_and_without_progress() {
        // given: taken over twice, and with progress
        Held held = takenOver(takenOver(held()));
        done(held.saveProgress(7));
        held = takenOver(held);
        assertThat(job(held).takeovers()).isEqualTo(1);

        // when
        done(held.checkpoint());

        // then
        JobSnapshot job = job(held);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.takeovers()).isZero();
        assertThat(job.progress()).isEmpty();
    }

    @Test
    default void J1_a_refused_checkpoint_leaves_no_result_behind() {
        // given
        Held zombie = held();
        takenOver(zombie);

        // when
        refused(zombie.checkpoint());

        // then
        assertThat(jobs().results(zombie.id(), ALL)).isEmpty();
        assertThat(job(zombie).stagesDone()).isZero();
    }

    @Test
    default void J1_a_stage_without_a_result_is_checkpointed_without_one() {
        // given
        Held held = held();

        // when
        done(held.checkpoint(Optional.empty(), LENGTH));

        // then
        assertThat(job(held).stagesDone()).isEqualTo(1);
        assertThat(jobs().results(held.id(), ALL)).isEmpty();
    }

    @Test
    default void J2_a_stage_cannot_be_skipped() {
        // given
        Held held = held();

        // when
        Refusal refusal = refused(held.at(1).checkpoint());

        // then
        assertThat(refusal).isEqualTo(new Refusal.NotAtStage(1, 0));
        done(held.checkpoint());
    }

    @Test
    default void J2_a_repeat_changes_nothing() {
        // given
        Held held = held();
        done(held.checkpoint());
        time().advance(Duration.ofSeconds(10));

        // when
        repeated(held.checkpoint());

        // then
        done(held.at(1).checkpoint(Json.of("2")));
        repeated(held.checkpoint());
        repeated(held.at(1).checkpoint(Json.of("2")));
    }

    @Test
    default void J2_a_repeat_is_known_when_another_holds_the_job() {
        // given
        Held held = held();
        done(held.checkpoint());
        Held successor = takenOver(held);

        // when
        repeated(held.checkpoint());

        // then
        done(successor.checkpoint());
        repeated(held.checkpoint());
    }

    @Test
    default void J2_a_repeat_is_known_when_the_job_has_ended() {
        // given
        Held completed = heldAtLastStage();
        done(completed.checkpoint());
        Held cancelled = held();
        done(cancelled.checkpoint());
        done(cancel(cancelled.id()));

        // when
        Answer answer = write(completed.checkpoint());

        // then
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Repeated.class,
                        repeated -> assertThat(repeated.job().status()).isEqualTo(JobStatus.COMPLETED));
        repeated(completed.checkpoint());
        repeated(cancelled.checkpoint());
    }

    @Test
    default void J2_another_result_for_the_same_stage_is_a_conflict() {
        // given
        Held held = held();
        done(held.checkpoint());

        // when
        Reason other = reason(held.checkpoint(Json.of("4")));
        Reason none = reason(held.checkpoint(Optional.empty(), LENGTH));

        // then
        assertThat(other).isEqualTo(Reason.CONFLICT);
        assertThat(none).isEqualTo(Reason.CONFLICT);
        assertThat(jobs().results(held.id(), ALL)).isEqualTo(Map.of(0, Held.RESULT));
    }

    @Test
    default void J2_another_result_for_the_last_stage_is_a_conflict() {
        // given
        Held held = heldAtLastStage();
        done(held.checkpoint());

        // when
        Reason reason = reason(held.checkpoint(Json.of("4")));

        // then
        assertThat(reason).isEqualTo(Reason.CONFLICT);
        assertThat(job(held).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    default void J2_results_are_compared_by_their_text() {
        // given
        Held held = held();
        done(held.checkpoint(Json.of("{\"a\":1}")));

        // when
        Reason reason = reason(held.checkpoint(Json.of("{\"a\": 1}")));

        // then
        assertThat(reason).isEqualTo(Reason.CONFLICT);
        repeated(held.checkpoint(Json.of("{\"a\":1}")));
    }

    @Test
    default void J2_what_another_claim_checkpointed_is_no_repeat() {
        // given
        Held former = held();
        Held successor = takenOver(former);
        done(successor.checkpoint());

        // when
        Reason reason = reason(former.checkpoint());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
    }

    @Test
    default void J2_a_successor_cannot_checkpoint_a_stage_that_is_done() {
        // given
        Held former = held();
        done(former.checkpoint());
        Held successor = takenOver(former);
        assertThat(successor.stage()).isEqualTo(1);

        // when
        Refusal refusal = refused(successor.at(0).checkpoint(Json.of("4")));

        // then
        assertThat(refusal).isEqualTo(new Refusal.NotAtStage(0, 1));
    }

    @Test
    default void J3_the_last_checkpoint_completes_the_job() {
        // given
        Held held = heldAtLastStage();
        time().advance(Duration.ofSeconds(10));

        // when
        JobState state = done(held.checkpoint());

        // then
        JobSnapshot job = job(held);
        assertThat(state.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.stagesDone()).isEqualTo(3);
        assertThat(job.stage()).isEmpty();
        assertThat(job.endedAt()).contains(time().now());
        assertThat(job.holder()).isEmpty();
        assertThat(job.leaseExpiresAt()).isEmpty();
        assertThat(job.dueAt()).isEmpty();
        assertThat(jobs().results(held.id(), ALL)).isEqualTo(Map.of(0, Held.RESULT, 1, Held.RESULT, 2, Held.RESULT));
    }

    @Test
    default void J3_the_only_stage_is_the_last() {
        // given
        enqueue(shortDraft());
        Held held = claim();

        // when
        done(held.checkpoint(Optional.empty(), LENGTH));

        // then
        assertThat(job(held).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(jobs().results(held.id(), ALL)).isEmpty();
    }

    @Test
    default void J3_a_completed_job_is_not_claimed_again() {
        // given
        Held held = heldAtLastStage();
        done(held.checkpoint());

        // when
        time().advance(LENGTH.multipliedBy(10));

        // then
        assertNothingClaimable();
    }

    @Test
    default void J3_no_checkpoint_before_the_last_completes() {
        // given
        Held held = held();

        // when
        JobState first = done(held.checkpoint());
        JobState second = done(held.at(1).checkpoint());

        // then
        assertThat(first.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(second.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job(held).endedAt()).isEmpty();
    }
}
