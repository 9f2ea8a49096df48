package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** L1, L2, L4, L5, L8, J8: what a named lease is, how long it holds, and when it is free. */
interface NamedLeaseRules extends NamedLeaseScene {
    @Test
    default void L8_a_name_is_held_by_the_one_who_acquired_it() {
        // given
        String holder = holder("worker-1");

        // when
        Lease lease = leases().acquire(name(), holder, LENGTH).orElseThrow();

        // then
        assertThat(lease.subject()).isEqualTo(name());
        assertThat(lease.holder()).isEqualTo(holder);
        assertThat(lease.length()).isEqualTo(LENGTH);
        assertThat(lease.expiresAt()).isEqualTo(time().now().plus(LENGTH));
        assertThat(leases().find(name())).contains(lease);
    }

    @Test
    default void L1_a_name_that_is_held_is_not_acquired_again() {
        // given
        Lease first = acquired();

        // when
        Optional<Lease> second = tried();

        // then
        assertThat(second).isEmpty();
        assertThat(leases().find(name())).contains(first);
    }

    @Test
    default void L1_of_many_who_acquire_a_name_at_the_same_time_one_gets_it() throws Exception {
        // given
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 5; round++) {
                String contested = name() + " " + round;
                Callable<Optional<Lease>> acquire = () -> {
                    start.await();
                    return leases().acquire(contested, holder("worker-1"), LENGTH);
                };
                List<Future<Optional<Lease>>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(threads.submit(acquire));
                }

                // when
                start.countDown();
                List<Lease> won = new ArrayList<>();
                for (Future<Optional<Lease>> one : all) {
                    one.get().ifPresent(won::add);
                }

                // then
                assertThat(won).as("round %d", round).hasSize(1);
                assertThat(leases().find(contested)).contains(won.get(0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    default void L8_names_are_apart() {
        // given
        Lease one = acquired();

        // when
        Lease other = leases().acquire(name().toUpperCase(Locale.ROOT), holder("w"), LENGTH)
                .orElseThrow();
        released(one);

        // then
        assertThat(leases().find(other.subject())).contains(other);
        assertThat(leases().find(name())).isEmpty();
    }

    @Test
    default void L2_the_tokens_of_a_name_rise_however_it_came_to_be_free() {
        // given
        List<FencingToken> tokens = new ArrayList<>();
        Lease lease = acquired();
        tokens.add(lease.token());

        // when
        released(lease);
        lease = acquired();
        tokens.add(lease.token());
        lease = superseding(lease);
        tokens.add(lease.token());
        leases().release(name(), lease.fence(), LENGTH);
        time().advance(LENGTH);
        tokens.add(acquired().token());

        // then
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void L2_names_and_jobs_draw_from_one_sequence() {
        // given
        Held before = held();

        // when
        Lease lease = acquired();
        Held after = held();

        // then
        assertThat(lease.token()).isGreaterThan(before.token());
        assertThat(after.token()).isGreaterThan(lease.token());
    }

    @Test
    default void L2_a_name_that_was_deleted_comes_back_with_a_higher_token() {
        // given
        Lease former = acquired();
        assumeTrue(deleteLease(name()), "the store under test keeps names for ever");
        assertThat(leases().find(name())).isEmpty();
        refusedAsMissing(former);

        // when
        Lease again = acquired();

        // then
        assertThat(again.token()).isGreaterThan(former.token());
        assertThat(superseder(leases().renew(name(), former.fence(), LENGTH))).isEqualTo(again.token());
        assertThat(leases().find(name())).contains(again);
    }

    @Test
    default void L4_until_another_acquires_the_holder_may_still_renew() {
        // given
        Lease late = acquired();
        time().advance(LENGTH.multipliedBy(100));
        assertThat(leases().find(name())).as("expired").isEmpty();

        // when
        Lease again = renewed(late, LENGTH);

        // then: and keeps others out again
        assertThat(again.fence()).isEqualTo(late.fence());
        assertThat(again.expiresAt()).isEqualTo(time().now().plus(LENGTH));
        assertThat(tried()).isEmpty();
    }

    @Test
    default void L4_and_may_still_give_it_back() {
        // given
        Lease late = acquired();
        time().advance(LENGTH.multipliedBy(100));

        // when
        LeaseAnswer answer = leases().release(name(), late.fence(), LENGTH);

        // then
        assertThat(answer).isInstanceOf(LeaseAnswer.Released.class);
        assertThat(tried()).as("at rest").isEmpty();
    }

    @Test
    default void L4_a_renewal_never_shortens_a_named_lease() {
        // given
        Lease lease = acquired();

        // when
        Lease renewed = renewed(lease, Duration.ofSeconds(1));

        // then
        assertThat(renewed).isEqualTo(lease);
        assertThat(leases().find(name())).contains(lease);
    }

    @Test
    default void L4_nobody_may_acquire_a_name_before_its_expiry_and_anybody_from_then_on() {
        // given
        Lease first = acquired();

        // when
        time().advance(LENGTH.minusNanos(1_000));

        // then
        assertThat(tried()).isEmpty();
        assertThat(leases().find(name()).map(Lease::length)).contains(Duration.ofNanos(1_000));
        time().advance(Duration.ofNanos(1_000));
        assertThat(leases().find(name())).isEmpty();
        assertThat(acquired().token()).isGreaterThan(first.token());
    }

    @Test
    default void L5_a_renewal_tells_how_long_the_lease_lasts_from_now() {
        // given
        Lease lease = acquired();
        time().advance(Duration.ofSeconds(1));

        // when
        Lease still = renewed(lease, Duration.ofSeconds(2));
        Lease longer = renewed(lease, LENGTH.multipliedBy(2));

        // then
        assertThat(still.length()).isEqualTo(LENGTH.minusSeconds(1));
        assertThat(longer.length()).isEqualTo(LENGTH.multipliedBy(2));
        assertThat(longer.expiresAt()).isEqualTo(time().now().plus(LENGTH.multipliedBy(2)));
        assertThat(leases().find(name())).contains(longer);
    }

    @Test
    default void L8_a_name_that_was_given_back_is_free_at_once() {
        // given
        Lease first = acquired();

        // when
        released(first);

        // then
        assertThat(leases().find(name())).isEmpty();
        assertThat(acquired().token()).isGreaterThan(first.token());
    }

    @Test
    default void L8_a_name_that_was_given_back_to_rest_is_nobodys_for_so_long() {
        // given
        Lease first = acquired();

        // when
        leases().release(name(), first.fence(), LENGTH.multipliedBy(3));

        // then: longer than it would have held
        assertThat(leases().find(name())).isEmpty();
        time().advance(LENGTH.multipliedBy(3).minusNanos(1_000));
        assertThat(tried()).isEmpty();
        time().advance(Duration.ofNanos(1_000));
        assertThat(tried()).isPresent();
    }

    @Test
    default void L8_a_rest_may_end_before_the_lease_would_have() {
        // given
        Lease first = acquired();

        // when
        leases().release(name(), first.fence(), Duration.ofSeconds(1));

        // then
        assertThat(tried()).isEmpty();
        time().advance(Duration.ofSeconds(1));
        assertThat(tried()).isPresent();
    }

    @Test
    default void L8_to_acquire_again_as_the_same_holder_changes_nothing() {
        // given: its answer was lost
        String holder = holder("worker-1");
        Lease first = leases().acquire(name(), holder, LENGTH).orElseThrow();
        time().advance(Duration.ofSeconds(1));

        // when
        Lease again = leases().acquire(name(), holder, LENGTH).orElseThrow();

        // then
        assertThat(again.fence()).isEqualTo(first.fence());
        assertThat(again.expiresAt()).isEqualTo(first.expiresAt());
        assertThat(again.length()).isEqualTo(LENGTH.minusSeconds(1));
    }

    @Test
    default void J8_a_named_lease_survives_a_crash() {
        // given
        Lease lease = acquired();
        Lease longer = renewed(lease, LENGTH.multipliedBy(2));

        // when
        assumeTrue(crash(), "the store under test can't be made to crash");

        // then
        assertThat(leases().find(name())).contains(longer);
        assertThat(tried()).isEmpty();
        released(lease);
    }
}
