package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** J12, J16: which jobs a claim takes first, and when it takes none. */
interface OrderRules extends Scene {
    @Test
    default void J12_the_first_due_goes_first() {
        // given
        List<JobId> ids = enqueued(6);

        // when
        List<JobId> first = claimedIds(2);
        List<JobId> second = claimedIds(4);

        // then
        assertThat(first).isEqualTo(ids.subList(0, 2));
        assertThat(second).isEqualTo(ids.subList(2, 6));
    }

    @Test
    default void J12_a_claim_takes_no_more_than_it_asked_for() {
        // given
        List<JobId> ids = enqueued(5);

        // when
        List<JobId> taken = claimedIds(2);

        // then
        assertThat(taken).hasSize(2);
        assertThat(ids.subList(2, 5))
                .allSatisfy(id -> assertThat(job(id).status()).isEqualTo(JobStatus.PENDING));
    }

    @Test
    default void J12_a_higher_priority_goes_before_an_earlier_due_time() {
        // given
        JobId low = enqueue(draft().priority(-5)).id();
        JobId normal = enqueued();
        time().advance(Duration.ofSeconds(1));
        JobId high = enqueue(draft().priority(9)).id();
        JobId highLater =
                enqueue(draft().priority(9).after(Duration.ofSeconds(1))).id();
        time().advance(Duration.ofSeconds(1));

        // when
        List<JobId> taken = claimedIds(10);

        // then
        assertThat(taken).containsExactly(high, highLater, normal, low);
    }

    @Test
    default void J12_a_future_job_of_a_high_priority_stands_in_nobodys_way() {
        // given
        JobId future =
                enqueue(draft().priority(1_000).after(Duration.ofHours(1))).id();
        JobId due = enqueue(draft().priority(-1_000)).id();

        // when
        List<JobId> taken = claimedIds(1);

        // then
        assertThat(taken).containsExactly(due);
        assertThat(job(future).status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    default void J12_jobs_that_are_due_together_go_in_the_order_of_their_ids() {
        // given: in the order of unsigned bytes, as PostgreSQL has it
        JobId fourth =
                enqueue(draft().uuid("ffffffff-0000-7000-8000-000000000001")).id();
        JobId second =
                enqueue(draft().uuid("7fffffff-0000-7000-8000-000000000001")).id();
        JobId third =
                enqueue(draft().uuid("80000000-0000-7000-8000-000000000001")).id();
        JobId first =
                enqueue(draft().uuid("7fffffff-0000-7000-0000-00000000000f")).id();

        // when
        List<JobId> taken = claimedIds(10);

        // then
        assertThat(taken).containsExactly(first, second, third, fourth);
    }

    @Test
    default void J12_an_expired_lease_keeps_its_place() {
        // given
        Held expired = held();
        time().advance(Duration.ofSeconds(1));
        JobId younger = enqueued();
        time().advance(LENGTH);

        // when
        List<JobId> taken = claimedIds(10);

        // then
        assertThat(taken).containsExactly(expired.id(), younger);
    }

    @Test
    default void J12_a_job_that_was_given_back_keeps_its_place() {
        // given
        Held held = held();
        time().advance(Duration.ofSeconds(1));
        JobId younger = enqueued();

        // when
        done(held.release());

        // then
        assertThat(claimedIds(10)).containsExactly(held.id(), younger);
    }

    @Test
    default void J12_a_job_that_waits_takes_the_place_of_its_waiting_time() {
        // given
        Held failed = held();
        Held later = held();
        done(failed.fail(Duration.ofSeconds(3)));
        done(later.release(Duration.ofSeconds(1)));
        time().advance(Duration.ofSeconds(2));
        JobId younger = enqueued();

        // when
        List<JobId> early = claimedIds(10);
        time().advance(Duration.ofSeconds(1));

        // then
        assertThat(early).containsExactly(later.id(), younger);
        assertThat(claimedIds(10)).containsExactly(failed.id());
    }

    @Test
    default void J12_newcomers_never_pass_the_one_that_waits() {
        // given: two newcomers for each job that is claimed
        List<JobId> old = enqueued(5);

        // when
        for (JobId next : old) {
            enqueued(2);

            // then
            assertThat(claimedIds(1)).containsExactly(next);
        }
    }

    @Test
    default void J12_a_past_start_time_gives_no_place_before_others() {
        // given
        JobId first = enqueued();
        time().advance(Duration.ofSeconds(1));

        // when
        JobId backdated = enqueue(draft().notBefore(time().now().minus(Duration.ofDays(1))))
                .id();

        // then
        assertThat(job(backdated).dueAt()).contains(time().now());
        assertThat(claimedIds(10)).containsExactly(first, backdated);
    }

    @Test
    default void J16_a_paused_queue_issues_no_claims_of_whatever_kind() {
        // given: an expired one, a retried one, a released one, a new one
        Held expired = held();
        Held failed = held();
        Held released = held();
        done(failed.fail(Duration.ofSeconds(1)));
        done(released.release(Duration.ofSeconds(1)));
        time().advance(LENGTH);
        JobId fresh = enqueued();
        List<JobId> all = List.of(expired.id(), failed.id(), released.id(), fresh);
        List<Whole> before = all.stream().map(this::whole).toList();

        // when
        queues().pause(queue(), ANN);

        // then
        assertNothingClaimable();
        assertThat(all.stream().map(this::whole).toList()).isEqualTo(before);
        queues().resume(queue(), ANN);
        assertThat(claimedIds(10)).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    default void J16_what_is_held_goes_on_in_a_paused_queue() {
        // given
        Held held = held();
        Held other = held();
        queues().pause(queue(), ANN);

        // when
        done(held.renew());
        done(held.saveProgress(1));
        done(held.checkpoint());
        done(held.at(1).checkpoint());
        done(held.at(2).checkpoint());
        done(other.failForGood());

        // then
        assertThat(job(held).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job(other).status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    default void J16_a_paused_queue_takes_new_jobs_and_operators_requests() {
        // given
        queues().pause(queue(), ANN);

        // when
        JobId id = enqueued();
        JobId other = enqueued();
        done(cancel(other));

        // then
        assertThat(job(id).status()).isEqualTo(JobStatus.PENDING);
        assertThat(job(other).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    default void J16_other_queues_go_on() {
        // given
        String other = queue() + "-2";
        enqueued();
        JobId theirs = enqueue(draft().queue(other)).id();

        // when
        queues().pause(queue(), ANN);

        // then
        assertThat(queues().isPaused(other)).isFalse();
        assertThat(claim(request(other, 10))).extracting(Held::id).containsExactly(theirs);
    }

    @Test
    default void J16_pausing_and_resuming_may_be_repeated() {
        // given
        assertThat(queues().isPaused(queue())).isFalse();

        // when
        queues().pause(queue(), ANN);
        queues().pause(queue(), ANN);
        boolean paused = queues().isPaused(queue());
        queues().resume(queue(), ANN);
        queues().resume(queue(), ANN);

        // then
        assertThat(paused).isTrue();
        assertThat(queues().isPaused(queue())).isFalse();
        enqueued();
        assertThat(claim(10)).hasSize(1);
    }
}
