package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** L7: a refused write says why, with the values. */
interface RefusalRules extends Scene {
    @Test
    default void L7_superseded_says_by_which_token_which_holder_and_since_when() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);
        Instant takenAt = time().now();
        time().advance(Duration.ofSeconds(1));

        // when
        List<Refusal> refusals = zombie.everyWrite().stream().map(this::refused).toList();

        // then
        assertThat(refusals)
                .containsOnly(new Refusal.Superseded(
                        successor.token(), Optional.of(successor.fence().holder()), takenAt));
    }

    @Test
    default void L7_superseded_by_one_that_has_let_go_names_the_token_alone() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);
        done(successor.fail(Duration.ofMinutes(1)));

        // when
        Refusal refusal = refused(zombie.checkpoint());

        // then
        assertThat(refusal).isEqualTo(new Refusal.Superseded(successor.token(), Optional.empty(), time().now()));
    }

    @Test
    default void L7_released_says_when() {
        // given
        Held former = held();
        time().advance(Duration.ofSeconds(1));
        done(former.release());
        Instant released = time().now();
        time().advance(Duration.ofSeconds(1));

        // when
        List<Refusal> refusals = former.everyWrite().stream().map(this::refused).toList();

        // then
        assertThat(refusals).containsOnly(new Refusal.Released(released));
    }

    @Test
    default void L7_ended_says_as_what_and_when() {
        // given
        Held completed = heldAtLastStage();
        done(completed.checkpoint());
        Held failed = held();
        done(failed.failForGood());
        Held cancelled = held();
        done(cancel(cancelled.id()));
        Instant end = time().now();
        time().advance(Duration.ofSeconds(1));

        // when
        List<Refusal> refusals =
                List.of(refused(completed.renew()), refused(failed.renew()), refused(cancelled.renew()));

        // then
        assertThat(refusals)
                .containsExactly(
                        new Refusal.Ended("COMPLETED", end),
                        new Refusal.Ended("FAILED", end),
                        new Refusal.Ended("CANCELLED", end));
    }

    @Test
    default void L7_another_stage_says_which_was_asked_for_and_which_it_is() {
        // given
        Held held = held();
        done(held.checkpoint());

        // when
        List<Refusal> refusals =
                held.at(2).everyWriteOfItsStage().stream().map(this::refused).toList();

        // then
        assertThat(refusals).containsOnly(new Refusal.NotAtStage(2, 1));
    }

    @Test
    default void L7_missing_is_said_of_a_job_that_is_not_there() {
        // given
        Held nowhere = new Held(new JobId(queue(), UUID.randomUUID()), held().fence(), 0);

        // when
        List<Refusal> refusals =
                nowhere.everyWrite().stream().map(this::refused).toList();

        // then
        assertThat(refusals).containsOnly(new Refusal.Missing());
        assertThat(refused(cancel(nowhere.id()))).isEqualTo(new Refusal.Missing());
        assertThat(refused(retry(nowhere.id()))).isEqualTo(new Refusal.Missing());
        assertThat(jobs().find(nowhere.id())).isEmpty();
    }

    @Test
    default void L7_a_job_that_was_never_claimed_knows_no_holder() {
        // given: a writer that outlived the job which it means
        Held elsewhere = held();
        Held stranger = new Held(enqueued(), elsewhere.fence(), 0);

        // when
        List<Refusal> refusals =
                stranger.everyWrite().stream().map(this::refused).toList();

        // then
        assertThat(refusals).containsOnly(new Refusal.Missing());
    }

    @Test
    default void L7_a_conflict_is_no_lost_lease() {
        // given
        Held held = held();
        done(held.checkpoint());

        // when
        Refusal refusal = refused(held.checkpoint(Json.of("4")));

        // then
        assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refusal.isLeaseLost()).isFalse();
        done(held.at(1).renew());
    }

    @Test
    default void L7_a_lost_lease_is_told_before_a_wrong_stage() {
        // given: both are wrong
        Held zombie = held();
        takenOver(zombie);

        // when
        Refusal refusal = refused(zombie.at(2).checkpoint());

        // then
        assertThat(refusal.reason()).isEqualTo(Reason.SUPERSEDED);
    }

    @Test
    default void L7_a_reported_refusal_is_kept_with_the_job() {
        // given
        Held zombie = held();
        takenOver(zombie);
        JobWrite.Fenced write = (JobWrite.Fenced) zombie.checkpoint();
        RefusedWrite refused = RefusedWrite.of(write, refused(write));
        Held nowhere = new Held(new JobId(queue(), UUID.randomUUID()), zombie.fence(), 0);
        RefusedWrite ofNoJob = RefusedWrite.of((JobWrite.Fenced) nowhere.renew(), new Refusal.Missing());

        // when
        jobs().report(List.of(ofNoJob, refused));

        // then
        List<Failure> failures = jobs().failures(zombie.id());
        assertThat(failures).extracting(Failure::kind).containsExactly(Failure.Kind.TAKEN_OVER, Failure.Kind.REFUSED);
        Failure last = failures.get(1);
        assertThat(last.stage()).isEqualTo("fetch");
        assertThat(last.token()).isEqualTo(zombie.token());
        assertThat(last.holder()).isEqualTo(zombie.fence().holder());
        assertThat(last.message()).isEqualTo(refused.describe());
        assertThat(jobs().failures(nowhere.id())).isEmpty();
    }
}
