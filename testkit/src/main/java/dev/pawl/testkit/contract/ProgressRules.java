package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** J17: progress bears a number that only rises within its stage. */
interface ProgressRules extends Scene {
    Json OTHER = Json.of("{\"cursor\": 99}");

    @Test
    default void J17_saved_progress_is_kept_with_its_number_and_renews_the_lease() {
        // given
        Held held = held();
        time().advance(Duration.ofSeconds(10));

        // when
        JobState state = done(held.saveProgress(1));

        // then
        JobSnapshot job = job(held);
        assertThat(state.progressNo()).isEqualTo(1);
        assertThat(job.progress()).contains(Held.PROGRESS);
        assertThat(job.leaseExpiresAt()).contains(time().now().plus(LENGTH));
        assertThat(job.stagesDone()).isZero();
    }

    @Test
    default void J17_a_higher_number_replaces_what_was_saved() {
        // given
        Held held = held();
        done(held.saveProgress(1));

        // when: numbers may leave gaps
        done(held.saveProgress(5, OTHER));

        // then
        assertThat(job(held).progress()).contains(OTHER);
    }

    @Test
    default void J17_a_delayed_older_number_does_not_turn_progress_back() {
        // given
        Held held = held();
        done(held.saveProgress(3));

        // when
        List<Reason> reasons = List.of(reason(held.saveProgress(2, OTHER)), reason(held.saveProgress(1, OTHER)));

        // then
        assertThat(reasons).containsOnly(Reason.CONFLICT);
        assertThat(job(held).progress()).contains(Held.PROGRESS);
        done(held.saveProgress(4, OTHER));
    }

    @Test
    default void J17_the_same_number_again_is_a_repeat_and_changes_nothing() {
        // given
        Held held = held();
        done(held.saveProgress(3));
        time().advance(Duration.ofSeconds(1));

        // when
        repeated(held.saveProgress(3));

        // then
        assertThat(job(held).progress()).contains(Held.PROGRESS);
    }

    @Test
    default void J17_the_number_rises_across_claims_of_the_same_stage() {
        // given
        Held former = held();
        done(former.saveProgress(8));
        Held successor = takenOver(former);

        // when
        Reason reason = reason(successor.saveProgress(7, OTHER));

        // then
        assertThat(reason).isEqualTo(Reason.CONFLICT);
        done(successor.saveProgress(9, OTHER));
        assertThat(job(former).progress()).contains(OTHER);
    }

    @Test
    default void J17_progress_and_its_number_outlive_a_failure_and_a_release() {
        // given
        Held held = held();
        done(held.saveProgress(8));
        done(held.fail(Duration.ZERO));
        Held next = claim();
        done(next.release());

        // when
        Claimed last = claimOne();

        // then
        assertThat(last.progress()).contains(Held.PROGRESS);
        assertThat(last.job().progressNo()).isEqualTo(8);
        assertThat(reason(Held.by(last).saveProgress(7))).isEqualTo(Reason.CONFLICT);
    }

    @Test
    default void J17_the_next_stage_counts_anew() {
        // given
        Held held = held();
        done(held.saveProgress(8));
        done(held.checkpoint());

        // when
        JobState state = done(held.at(1).saveProgress(1, OTHER));

        // then
        assertThat(state.progressNo()).isEqualTo(1);
        assertThat(job(held).progress()).contains(OTHER);
    }

    @Test
    default void J17_late_progress_of_the_stage_before_does_not_land_in_the_next() {
        // given
        Held held = held();
        done(held.saveProgress(1));
        done(held.checkpoint());

        // when
        Reason reason = reason(held.saveProgress(2));

        // then
        assertThat(reason).isEqualTo(Reason.NOT_AT_STAGE);
        assertThat(job(held).progress()).isEmpty();
    }
}
