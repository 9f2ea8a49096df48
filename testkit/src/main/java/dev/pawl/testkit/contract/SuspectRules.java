package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** J13: failures and takeovers are counted apart, and who may be killing its workers is handled with care. */
interface SuspectRules extends Scene {
    @Test
    default void J13_failures_and_takeovers_are_counted_apart() {
        // given
        Held first = held();
        done(first.fail(Duration.ZERO));
        Held second = claim();

        // when
        time().advance(LENGTH);
        Claimed third = claimOne();

        // then
        assertThat(third.job().id()).isEqualTo(second.id());
        assertThat(third.job().attempt()).isEqualTo(2);
        assertThat(third.job().takeovers()).isEqualTo(1);
        done(Held.by(third).fail(Duration.ZERO));
        Claimed fourth = claimOne();
        assertThat(fourth.job().attempt()).isEqualTo(3);
        assertThat(fourth.job().takeovers()).isEqualTo(1);
    }

    @Test
    default void J13_a_checkpoint_sets_both_back() {
        // given
        Held held = triedAndTakenOver();

        // when
        JobState after = done(held.checkpoint());

        // then
        assertThat(after.attempt()).isEqualTo(1);
        assertThat(after.takeovers()).isZero();
    }

    @Test
    default void J13_progress_that_rises_sets_both_back() {
        // given
        Held held = triedAndTakenOver();

        // when
        JobState after = done(held.saveProgress(1));

        // then
        assertThat(after.attempt()).isEqualTo(1);
        assertThat(after.takeovers()).isZero();
    }

    @Test
    default void J13_a_renewal_and_repeated_progress_set_nothing_back() {
        // given
        Held former = held();
        done(former.saveProgress(5));
        Held held = takenOver(former);

        // when
        repeated(held.saveProgress(5));
        JobState after = done(held.renew());

        // then
        assertThat(after.takeovers()).isEqualTo(1);
    }

    @Test
    default void J13_a_release_gives_the_attempt_back_but_no_takeover() {
        // given
        Held held = triedAndTakenOver();

        // when
        JobState after = done(held.release());

        // then
        assertThat(after.attempt()).isEqualTo(1);
        assertThat(after.takeovers()).isEqualTo(1);
        assertThat(claimOne().job().attempt()).isEqualTo(2);
    }

    @Test
    default void J13_a_suspect_comes_alone() {
        // given
        Held expired = held();
        time().advance(LENGTH);
        JobId second = enqueued();
        JobId third = enqueued();

        // when
        List<Held> first = claim(request(queue(), 10));
        List<Held> next = claim(request(queue(), 10));

        // then
        assertThat(first).extracting(Held::id).containsExactly(expired.id());
        assertThat(next).extracting(Held::id).containsExactlyInAnyOrder(second, third);
    }

    @Test
    default void J13_each_suspect_comes_alone() {
        // given: a whole worker died
        List<JobId> ids = enqueued(3);
        assertThat(claim(request(queue(), 10))).hasSize(3);
        time().advance(LENGTH);

        // when
        List<Held> one = claim(request(queue(), 10));
        List<Held> two = claim(request(queue(), 10));
        List<Held> three = claim(request(queue(), 10));

        // then
        assertThat(List.of(one, two, three))
                .allSatisfy(claim -> assertThat(claim).hasSize(1))
                .extracting(claim -> claim.get(0).id())
                .isEqualTo(ids);
        assertNothingClaimable();
    }

    @Test
    default void J13_a_suspect_that_is_not_the_first_stays_where_it_is() {
        // given: one that was taken over, and given back for a while
        Held suspect = takenOver(held());
        done(suspect.release(Duration.ofSeconds(2)));
        time().advance(Duration.ofSeconds(1));
        JobId before = enqueued();
        time().advance(Duration.ofSeconds(2));
        JobId behind = enqueued();
        Whole untouched = whole(suspect.id());

        // when
        List<Held> taken = claim(request(queue(), 10));

        // then
        assertThat(taken).extracting(Held::id).containsExactly(before, behind);
        assertThat(whole(suspect.id())).isEqualTo(untouched);
        assertThat(claim().id()).isEqualTo(suspect.id());
    }

    @Test
    default void J13_who_has_a_suspect_gets_no_other() {
        // given: one whose lease has expired, one that was taken over and given back, and one that is new
        Held expired = held();
        Held given = held();
        time().advance(LENGTH);
        List<Held> taken = claim(2);
        done(taken.get(1).release());
        time().advance(LENGTH);
        JobId fresh = enqueued();

        // when
        List<Held> rest = claim(request(queue(), 10).withoutSuspects());

        // then
        assertThat(rest).extracting(Held::id).containsExactly(fresh);
        assertThat(claim(10)).extracting(Held::id).containsExactlyInAnyOrder(expired.id(), given.id());
    }

    @Test
    default void J13_what_gets_on_is_no_suspect_any_more() {
        // given
        Held held = takenOver(held());
        done(held.checkpoint());
        done(held.at(1).release());
        JobId other = enqueued();

        // when
        List<Held> taken = claim(request(queue(), 10).withoutSuspects());

        // then
        assertThat(taken).extracting(Held::id).containsExactly(held.id(), other);
    }

    @Test
    default void J13_an_exhausted_job_is_handed_out_for_its_holder_to_fail() {
        // given
        Held held = held();
        for (int i = 0; i < 9; i++) {
            held = takenOver(held);
        }

        // when
        time().advance(LENGTH);
        Claimed last = claimOne();

        // then
        assertThat(last.job().takeovers()).isEqualTo(10);
        assertThat(last.job().attempt()).isEqualTo(1);
        done(Held.by(last).failForGood());
        assertThat(job(held).status()).isEqualTo(JobStatus.FAILED);
    }

    /** A holder in its second attempt, after a takeover. */
    private Held triedAndTakenOver() {
        done(held().fail(Duration.ZERO));
        return takenOver(claim());
    }
}
