package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** L1, L2, L4, L5: what a lease is, and how long it holds. */
interface LeaseRules extends Scene {
    @Test
    default void L1_a_held_job_is_not_claimed_again() {
        // given
        Held first = held();
        Whole before = whole(first.id());

        // when
        List<Held> second = claim(10);

        // then
        assertThat(second).isEmpty();
        assertThat(whole(first.id())).isEqualTo(before);
    }

    @Test
    default void L1_a_claim_issues_a_lease_of_the_asked_length_to_the_asking_holder() {
        // given
        JobId id = enqueued();
        ClaimRequest request = request(queue(), 1);

        // when
        Claimed claimed = jobs().claim(request).get(0);

        // then
        Lease lease = claimed.lease(LENGTH);
        assertThat(lease.subject()).isEqualTo(id.toString());
        assertThat(lease.holder()).isEqualTo(request.holder());
        assertThat(claimed.takenFrom()).isEmpty();
        JobSnapshot job = job(id);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.holder()).contains(lease.holder());
        assertThat(job.token()).contains(lease.token());
        assertThat(job.leaseExpiresAt()).contains(lease.expiresAt());
        assertThat(job.startedAt()).contains(time().now());
        assertThat(job.attempt()).isEqualTo(1);
    }

    @Test
    default void L1_each_job_of_one_claim_has_a_lease_of_its_own() {
        // given
        List<JobId> ids = enqueued(5);

        // when
        List<Held> held = claim(5);

        // then
        assertThat(held).extracting(Held::id).isEqualTo(ids);
        assertThat(held).extracting(Held::token).doesNotHaveDuplicates();
        assertThat(held).allSatisfy(one -> assertThat(job(one).token()).contains(one.token()));
    }

    @Test
    default void L1_claims_at_the_same_time_never_share_a_job() throws Exception {
        // given: 60 jobs, and four claimers that start together
        List<JobId> ids = enqueued(60);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService claimers = Executors.newFixedThreadPool(4);
        try {
            Callable<List<Held>> untilEmpty = () -> {
                start.await();
                List<Held> taken = new ArrayList<>();
                List<Held> some = claim(3);
                while (!some.isEmpty() && taken.size() < ids.size()) {
                    taken.addAll(some);
                    some = claim(3);
                }
                return taken;
            };
            List<Future<List<Held>>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                futures.add(claimers.submit(untilEmpty));
            }

            // when
            start.countDown();
            List<Held> all = new ArrayList<>();
            for (Future<List<Held>> future : futures) {
                all.addAll(future.get());
            }
            all.addAll(claim(60)); // what a claimer stepped over while another had it locked

            // then
            assertThat(all).extracting(Held::id).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(all).extracting(Held::token).doesNotHaveDuplicates();
            assertThat(all).allSatisfy(one -> done(one.renew()));
        } finally {
            claimers.shutdownNow();
        }
    }

    @Test
    default void L2_each_claim_of_a_job_has_a_higher_token_than_the_one_before() {
        // given
        List<FencingToken> tokens = new ArrayList<>();
        Held held = held();
        tokens.add(held.token());

        // when: claimed again after each way to let go
        held = takenOver(held);
        tokens.add(held.token());
        done(held.release());
        held = claim();
        tokens.add(held.token());
        done(held.fail(Duration.ZERO));
        held = claim();
        tokens.add(held.token());
        done(held.failForGood());
        done(retry(held.id()));
        tokens.add(claim().token());

        // then
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void L2_the_last_token_stays_when_the_lease_is_gone() {
        for (Function<Held, JobWrite> letGo : LETTING_GO) {
            // given
            Held held = held();

            // when
            done(letGo.apply(held));

            // then
            assertThat(job(held).token()).contains(held.token());
            assertThat(job(held).holder()).isEmpty();
            end(held.id());
        }
    }

    @Test
    default void L2_a_claim_by_another_holder_has_a_higher_token_too() {
        // given: holders that have claimed unequally often
        Held first = held();
        for (int i = 0; i < 3; i++) {
            done(first.release());
            first = claim();
        }

        // when
        time().advance(LENGTH);
        ClaimRequest byAnother =
                ClaimRequest.everywhere(queue(), List.of(Runs.asIs(PIPELINE, 1, 3)), holder("worker-2"), LENGTH, 1);
        Held second = claim(byAnother).get(0);

        // then
        assertThat(second.token()).isGreaterThan(first.token());
    }

    @Test
    default void L4_until_another_claims_the_holder_may_still_write() {
        for (Function<Held, JobWrite> write : Held.WRITES) {
            // given: long after its expiry, nobody has claimed
            Held late = held();
            time().advance(LENGTH.multipliedBy(100));

            // when
            done(write.apply(late));

            // then
            assertThat(job(late).token()).contains(late.token());
            end(late.id());
        }
    }

    @Test
    default void L4_a_late_renewal_keeps_others_out_again() {
        // given
        Held late = held();
        time().advance(LENGTH.multipliedBy(2));

        // when
        done(late.renew());

        // then
        assertNothingClaimable();
        assertThat(job(late).leaseExpiresAt()).contains(time().now().plus(LENGTH));
    }

    @Test
    default void L4_a_renewal_never_shortens_a_lease() {
        // given
        Held held = held();
        Instant expiry = job(held).leaseExpiresAt().orElseThrow();

        // when
        done(held.renew(Duration.ofSeconds(1)));

        // then
        assertThat(job(held).leaseExpiresAt()).contains(expiry);
    }

    @Test
    default void L4_saved_progress_and_a_checkpoint_never_shorten_a_lease() {
        // given
        Held held = held();
        Instant expiry = job(held).leaseExpiresAt().orElseThrow();

        // when
        done(held.saveProgress(1, Held.PROGRESS, Duration.ofSeconds(1)));
        Optional<Instant> afterProgress = job(held).leaseExpiresAt();
        done(held.checkpoint(Optional.empty(), Duration.ofSeconds(1)));

        // then
        assertThat(afterProgress).contains(expiry);
        assertThat(job(held).leaseExpiresAt()).contains(expiry);
    }

    @Test
    default void L4_nobody_may_claim_before_the_expiry_and_anybody_from_then_on() {
        // given
        Held held = held();

        // when
        time().advance(LENGTH.minusNanos(1_000));

        // then
        assertNothingClaimable();
        assertThat(job(held).holder()).contains(held.fence().holder());
        time().advance(Duration.ofNanos(1_000));
        assertThat(claim().id()).isEqualTo(held.id());
    }

    @Test
    default void L5_a_lease_ends_its_length_after_the_stores_own_time() {
        // given
        Held held = held();
        assertThat(job(held).leaseExpiresAt()).contains(time().now().plus(LENGTH));

        // when
        time().advance(Duration.ofSeconds(10));
        JobState renewed = done(held.renew());

        // then
        assertThat(job(held).leaseExpiresAt()).contains(time().now().plus(LENGTH));
        assertThat(((JobState.Phase.Running) renewed.phase()).expiresAt())
                .isEqualTo(time().now().plus(LENGTH));
    }

    @Test
    default void L5_times_are_recorded_by_the_stores_own_time() {
        // given
        Instant enqueued = time().now();
        Held held = held();
        time().advance(Duration.ofSeconds(1));

        // when
        done(held.fail(Duration.ofSeconds(5)));

        // then
        JobSnapshot job = job(held);
        assertThat(job.enqueuedAt()).isEqualTo(enqueued);
        assertThat(job.startedAt()).contains(enqueued);
        assertThat(job.since()).isEqualTo(enqueued.plusSeconds(1));
        assertThat(job.dueAt()).contains(enqueued.plusSeconds(6));
        assertThat(job.asOf()).isEqualTo(time().now());
        assertThat(jobs().failures(held.id())).extracting(Failure::at).containsExactly(enqueued.plusSeconds(1));
    }

    @Test
    default void L5_a_delay_is_counted_by_the_stores_own_time() {
        // given
        JobId delayed = enqueue(draft().after(Duration.ofMinutes(5))).id();
        JobId dated = enqueue(draft().notBefore(time().now().plusSeconds(301))).id();

        // when
        time().advance(Duration.ofMinutes(5).minusNanos(1_000));

        // then
        assertNothingClaimable();
        time().advance(Duration.ofNanos(1_000));
        assertThat(claimedIds(10)).containsExactly(delayed);
        time().advance(Duration.ofSeconds(1));
        assertThat(claimedIds(10)).containsExactly(dated);
    }
}
