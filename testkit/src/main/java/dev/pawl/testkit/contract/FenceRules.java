package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L3: whose writes count. */
interface FenceRules extends Scene {
    @Test
    default void L3_a_superseded_lease_cannot_renew() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);

        // when
        Reason reason = reason(zombie.renew());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        done(successor.renew());
    }

    @Test
    default void L3_a_superseded_lease_cannot_save_progress() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);
        done(successor.saveProgress(1));

        // when
        Reason reason = reason(zombie.saveProgress(2));

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        done(successor.saveProgress(2));
    }

    @Test
    default void L3_a_superseded_lease_cannot_checkpoint() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);

        // when
        Reason reason = reason(zombie.checkpoint());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        done(successor.checkpoint());
    }

    @Test
    default void L3_a_superseded_lease_cannot_checkpoint_the_last_stage() {
        // given
        Held zombie = heldAtLastStage();
        Held successor = takenOver(zombie);

        // when
        Reason reason = reason(zombie.checkpoint());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        assertThat(job(zombie).status()).isEqualTo(JobStatus.RUNNING);
        done(successor.checkpoint());
    }

    @Test
    default void L3_a_superseded_lease_cannot_fail_the_job() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);

        // when
        Reason forNow = reason(zombie.fail(Duration.ZERO));
        Reason forGood = reason(zombie.failForGood());

        // then
        assertThat(List.of(forNow, forGood)).containsOnly(Reason.SUPERSEDED);
        done(successor.renew());
    }

    @Test
    default void L3_a_superseded_lease_cannot_release_the_job() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);

        // when
        Reason reason = reason(zombie.release());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        done(successor.release());
    }

    @Test
    default void L3_a_superseded_lease_stays_so_when_the_successor_has_let_go() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);
        done(successor.release());

        // when
        List<Reason> reasons = reasons(zombie.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.SUPERSEDED);
        assertThat(claim().id()).isEqualTo(zombie.id());
    }

    @Test
    default void L3_a_lease_that_was_given_back_cannot_write() {
        // given
        Held former = held();
        done(former.release());

        // when
        List<Reason> reasons = reasons(former.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.RELEASED);
    }

    @Test
    default void L3_a_holder_that_reported_a_failure_cannot_write() {
        // given
        Held former = held();
        done(former.fail(Duration.ofMinutes(1)));

        // when
        List<Reason> reasons = reasons(former.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.RELEASED);
    }

    @Test
    default void L3_nobody_writes_to_a_job_that_has_ended() {
        // given
        Held completer = heldAtLastStage();
        done(completer.checkpoint());
        Held failer = held();
        done(failer.failForGood());
        Held cancelled = held();
        done(cancel(cancelled.id()));

        // when: the last stage's checkpoint would be a repeat, so it is not among them
        List<Reason> afterCompletion = reasons(List.of(
                completer.renew(),
                completer.saveProgress(1),
                completer.fail(LENGTH),
                completer.failForGood(),
                completer.release()));
        List<Reason> afterFailure = reasons(failer.everyWrite());
        List<Reason> afterCancellation = reasons(cancelled.everyWrite());

        // then
        assertThat(afterCompletion).containsOnly(Reason.ENDED);
        assertThat(afterFailure).containsOnly(Reason.ENDED);
        assertThat(afterCancellation).containsOnly(Reason.ENDED);
    }

    @Test
    default void L3_the_right_token_under_another_name_cannot_write() {
        // given: a token that was issued twice, by a database that lost its last commits
        Held held = held();
        Held zombie = held.named("worker-9#lost");

        // when
        List<Reason> reasons = reasons(zombie.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.SUPERSEDED);
        done(held.renew());
    }

    @Test
    default void L3_the_right_name_with_another_token_cannot_write() {
        // given
        Held held = held();
        Held higher = held.numbered(held.token().value() + 1_000_000);

        // when
        List<Reason> reasons = reasons(higher.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.SUPERSEDED);
        done(held.renew());
    }

    @Test
    default void L3_a_write_for_a_stage_that_is_passed_has_no_effect_on_the_next() {
        // given: the answer to a checkpoint was lost, and the holder believes that it failed
        Held held = held();
        done(held.checkpoint());

        // when
        List<Reason> reasons =
                reasons(List.of(held.saveProgress(1), held.fail(LENGTH), held.failForGood(), held.release()));

        // then
        assertThat(reasons).containsOnly(Reason.NOT_AT_STAGE);
        done(held.at(1).checkpoint());
    }

    @Test
    default void L3_a_write_for_a_stage_to_come_has_no_effect() {
        // given
        Held held = held();

        // when
        List<Reason> reasons = reasons(held.at(1).everyWriteOfItsStage());

        // then
        assertThat(reasons).containsOnly(Reason.NOT_AT_STAGE);
        done(held.checkpoint());
    }

    @Test
    default void L3_a_renewal_names_no_stage() {
        // given
        Held held = held();
        done(held.checkpoint());
        time().advance(Duration.ofSeconds(1));

        // when
        done(held.renew());

        // then
        assertThat(job(held).leaseExpiresAt()).contains(time().now().plus(LENGTH));
        assertThat(job(held).stagesDone()).isEqualTo(1);
    }

    @Test
    default void L3_a_write_reaches_the_job_of_its_own_queue_alone() {
        // given: the same UUID in two queues
        String other = queue() + "-2";
        Held held = held();
        JobId namesake = enqueue(draft().id(new JobId(other, held.id().uuid()))).id();
        Held theirs = claim(request(other, 1)).get(0);
        Whole before = whole(namesake);

        // when
        done(held.checkpoint());
        done(held.at(1).failForGood());
        List<Reason> across = reasons(held.in(other).everyWrite());

        // then
        assertThat(across).containsOnly(Reason.SUPERSEDED);
        assertThat(whole(namesake)).isEqualTo(before);
        done(theirs.checkpoint());
    }

    private List<Reason> reasons(List<JobWrite> writes) {
        return writes.stream().map(this::reason).toList();
    }
}
