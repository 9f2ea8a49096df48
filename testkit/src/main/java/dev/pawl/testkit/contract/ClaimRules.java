package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Place;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** L6: what a claim finds, by one query. */
interface ClaimRules extends Scene {
    @Test
    default void L6_one_request_takes_expired_waiting_and_new_jobs_alike() {
        // given
        Held expired = held();
        Held given = held();
        done(given.release());
        Held failed = claim();
        assertThat(failed.id()).isEqualTo(given.id());
        done(failed.fail(Duration.ofSeconds(1)));
        time().advance(LENGTH);
        JobId fresh = enqueued();

        // when
        List<Held> taken = claim(10);

        // then
        assertThat(taken).extracting(Held::id).containsExactlyInAnyOrder(expired.id(), given.id(), fresh);
    }

    @Test
    default void L6_a_takeover_is_counted_told_and_recorded() {
        // given
        Held former = held();
        time().advance(LENGTH);

        // when
        Claimed taken = claimOne();

        // then
        assertThat(taken.takenFrom()).contains(former.fence());
        assertThat(taken.job().takeovers()).isEqualTo(1);
        assertThat(taken.job().attempt()).isEqualTo(1);
        assertThat(jobs().failures(former.id())).singleElement().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.TAKEN_OVER);
            assertThat(failure.stage()).isEqualTo("fetch");
            assertThat(failure.attempt()).isEqualTo(1);
            assertThat(failure.token()).isEqualTo(former.token());
            assertThat(failure.holder()).isEqualTo(former.fence().holder());
            assertThat(failure.at()).isEqualTo(time().now());
        });
    }

    @Test
    default void L6_a_successor_goes_on_at_the_saved_cursor_of_the_same_stage() {
        // given
        Held former = held();
        done(former.checkpoint());
        done(former.at(1).saveProgress(4));
        time().advance(LENGTH);

        // when
        Claimed taken = claimOne();

        // then
        assertThat(taken.job().stage()).isEqualTo(1);
        assertThat(taken.job().progressNo()).isEqualTo(4);
        assertThat(taken.progress()).contains(Held.PROGRESS);
        assertThat(jobs().results(former.id(), Set.of(0))).containsEntry(0, Held.RESULT);
    }

    @Test
    default void L6_ended_and_future_jobs_are_not_claimable() {
        // given
        done(held().failForGood());
        done(cancel(enqueued()));
        done(heldAtLastStage().checkpoint());
        enqueue(draft().after(Duration.ofDays(400)));

        // when
        time().advance(Duration.ofDays(399));

        // then
        assertNothingClaimable();
    }

    @Test
    default void L6_a_job_of_a_pipeline_that_the_claimer_does_not_know_is_left_alone() {
        // given
        JobId unknown = enqueue(shortDraft()).id();
        Whole before = whole(unknown);
        ClaimRequest request = ClaimRequest.everywhere(
                queue(), List.of(Runs.asIs(PIPELINE, 1, 3), Runs.asIs(SHORT, 2, 1)), holder("worker-1"), LENGTH, 10);

        // when
        List<Held> taken = claim(request);

        // then
        assertThat(taken).isEmpty();
        assertThat(whole(unknown)).isEqualTo(before);
    }

    @Test
    default void L6_a_full_look_finds_what_bounds_step_over() {
        // given
        Held expired = held();
        time().advance(LENGTH);
        JobId fresh = enqueued();
        Place bound = new Place(time().now(), new UUID(0, 0));

        // when
        List<Held> within = claim(request(queue(), 10).from(Map.of(0, bound)));
        List<Held> all = claim(10);

        // then: the bounds are a hint, to be followed or not; what they hide is not lost
        assertThat(within).extracting(Held::id).contains(fresh);
        assertThat(Stream.concat(within.stream(), all.stream()))
                .extracting(Held::id)
                .containsExactlyInAnyOrder(expired.id(), fresh);
    }

    @Test
    default void L6_a_version_that_continues_another_takes_its_jobs_along() {
        // given: version 2 has the first stage of version 1, and then its own
        jobs().describe(PIPELINE, 2, List.of("fetch", "select", "rank", "persist"));
        Held held = held();
        done(held.checkpoint());
        done(held.at(1).saveProgress(4));
        time().advance(LENGTH);

        // when
        Claimed taken = jobs().claim(continuing(1)).get(0);

        // then: it is at another stage now, whose attempts and progress begin anew
        JobSnapshot job = job(held);
        assertThat(job.version()).isEqualTo(2);
        assertThat(job.stages()).containsExactly("fetch", "select", "rank", "persist");
        assertThat(job.stage()).contains("select");
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.progress()).isEmpty();
        assertThat(taken.progress()).isEmpty();
        assertThat(taken.job().stages()).isEqualTo(4);
        assertThat(taken.job().progressNo()).isZero();
        assertThat(jobs().results(held.id(), Set.of(0))).containsEntry(0, Held.RESULT);
    }

    @Test
    default void L6_progress_and_attempts_stay_where_the_stage_is_the_same_in_both_versions() {
        // given
        jobs().describe(PIPELINE, 2, List.of("fetch", "select", "rank", "persist"));
        Held held = held();
        done(held.saveProgress(4));
        done(held.fail(Duration.ZERO));

        // when
        Claimed taken = jobs().claim(continuing(1)).get(0);

        // then
        assertThat(taken.job().version()).isEqualTo(2);
        assertThat(taken.job().attempt()).isEqualTo(2);
        assertThat(taken.progress()).contains(Held.PROGRESS);
    }

    @Test
    default void L6_a_job_past_the_stages_that_two_versions_share_is_left_to_the_older() {
        // given
        jobs().describe(PIPELINE, 2, List.of("fetch", "select", "rank", "persist"));
        Held held = held();
        done(held.checkpoint());
        done(held.at(1).checkpoint());
        time().advance(LENGTH);
        Whole before = whole(held.id());

        // when
        List<Claimed> taken = jobs().claim(continuing(1));

        // then
        assertThat(taken).isEmpty();
        assertThat(whole(held.id())).isEqualTo(before);
        assertThat(claim().id()).isEqualTo(held.id());
    }

    /** A claim of who runs version 2, and takes jobs of version 1 along that have passed no more than the common stages. */
    private ClaimRequest continuing(int common) {
        List<Runs> runs = List.of(Runs.asIs(PIPELINE, 2, 4), new Runs(PIPELINE, 1, common, 2, 4));
        return ClaimRequest.everywhere(queue(), runs, holder("worker-2"), LENGTH, 10);
    }
}
