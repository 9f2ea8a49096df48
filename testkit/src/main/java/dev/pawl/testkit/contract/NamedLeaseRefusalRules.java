package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** L3, L7, L8, L9: what a holder of a name can't do once it is one no more, and what it is told. */
interface NamedLeaseRefusalRules extends NamedLeaseScene {
    @Test
    default void L8_renewing_a_lost_name_never_touches_the_later_holders() {
        // given
        Lease former = acquired();
        Lease next = superseding(former);

        // when
        Refusal refusal = refusal(leases().renew(name(), former.fence(), LENGTH.multipliedBy(9)));

        // then
        assertThat(refusal).isEqualTo(new Refusal.Superseded(next.token(), Optional.of(next.holder()), time().now()));
        assertThat(leases().find(name())).contains(next);
    }

    @Test
    default void L8_releasing_a_lost_name_never_lets_the_later_holders_go() {
        // given
        Lease former = acquired();
        Lease next = superseding(former);

        // when
        Refusal refusal = refusal(leases().release(name(), former.fence(), Duration.ZERO));

        // then
        assertThat(refusal).isEqualTo(new Refusal.Superseded(next.token(), Optional.of(next.holder()), time().now()));
        assertThat(leases().find(name())).contains(next);
        assertThat(tried()).isEmpty();
        released(next);
    }

    @Test
    default void L7_a_name_is_given_back_once() {
        // given
        Lease lease = acquired();
        released(lease);
        Instant at = time().now();
        time().advance(Duration.ofSeconds(1));

        // when
        Refusal again = refusal(leases().release(name(), lease.fence(), LENGTH));
        Refusal renewal = refusal(leases().renew(name(), lease.fence(), LENGTH));

        // then: and it stays free
        assertThat(again).isEqualTo(new Refusal.Released(at));
        assertThat(renewal).isEqualTo(new Refusal.Released(at));
        assertThat(tried()).isPresent();
    }

    @Test
    default void L7_one_that_was_superseded_is_told_so_when_the_later_holder_has_let_go() {
        // given
        Lease former = acquired();
        Lease next = superseding(former);
        released(next);

        // when
        Refusal refusal = refusal(leases().renew(name(), former.fence(), LENGTH));

        // then
        assertThat(refusal).isEqualTo(new Refusal.Superseded(next.token(), Optional.empty(), time().now()));
        assertThat(leases().find(name())).isEmpty();
    }

    @Test
    default void L7_a_name_at_rest_has_no_holder() {
        // given
        Lease lease = acquired();
        leases().release(name(), lease.fence(), LENGTH.multipliedBy(2));

        // when
        Refusal refusal = refusal(leases().renew(name(), lease.fence(), LENGTH));

        // then: and the rest goes on
        assertThat(refusal).isEqualTo(new Refusal.Released(time().now()));
        time().advance(LENGTH);
        assertThat(tried()).isEmpty();
    }

    @Test
    default void L7_a_name_that_was_never_acquired_is_missing() {
        // given
        Lease never = new Lease(name(), holder("w"), new FencingToken(1), time().now(), LENGTH);

        // then
        refusedAsMissing(never);
        assertThat(leases().find(name())).isEmpty();
    }

    @Test
    default void L3_both_token_and_holder_of_a_name_must_be_current() {
        // given
        Lease lease = acquired();
        Fence otherHolder = new Fence(lease.token(), holder("worker-9"));
        Fence otherToken = new Fence(new FencingToken(lease.token().value() + 1), lease.holder());

        // when
        time().advance(Duration.ofSeconds(1));
        Refusal byAnother = refusal(leases().renew(name(), otherHolder, LENGTH));
        Refusal underAnother = refusal(leases().release(name(), otherToken, Duration.ZERO));

        // then
        assertThat(byAnother.reason()).isEqualTo(Refusal.Reason.SUPERSEDED);
        assertThat(underAnother.reason()).isEqualTo(Refusal.Reason.SUPERSEDED);
        assertThat(leases().find(name()).map(Lease::expiresAt)).contains(lease.expiresAt());
    }

    @Test
    default void L9_one_whose_acquiring_was_lost_can_not_release_what_was_issued_its_token_again() {
        // given: a database that lost its last commits, and issued the token to another
        Lease lease = acquired();
        Fence zombie = new Fence(lease.token(), "worker-9#lost");

        // when
        Refusal refusal = refusal(leases().release(name(), zombie, Duration.ZERO));

        // then
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.SUPERSEDED);
        assertThat(leases().find(name())).contains(lease);
    }

    @Test
    default void L7_a_name_that_is_locked_is_busy_and_not_lost() {
        // given
        Lease lease = acquired();
        time().advance(Duration.ofSeconds(1));
        try (OpenTransaction application = transaction()) {
            application.holdLease(name());

            // when
            LeaseAnswer renewal = leases().renew(name(), lease.fence(), LENGTH);
            LeaseAnswer release = leases().release(name(), lease.fence(), Duration.ZERO);

            // then
            assertThat(renewal).isInstanceOf(LeaseAnswer.Busy.class);
            assertThat(release).isInstanceOf(LeaseAnswer.Busy.class);
        }
        assertThat(leases().find(name()).map(Lease::expiresAt)).contains(lease.expiresAt());
        renewed(lease, LENGTH);
    }

    @Test
    default void L7_a_name_that_is_lost_is_lost_also_while_it_is_locked() {
        // given
        Lease former = acquired();
        Lease next = superseding(former);
        try (OpenTransaction application = transaction()) {
            application.holdLease(name());

            // when
            FencingToken by = superseder(leases().renew(name(), former.fence(), LENGTH));

            // then
            assertThat(by).isEqualTo(next.token());
        }
    }

    @Test
    default void L6_a_name_that_is_locked_is_nobodys_to_acquire() {
        // given
        Lease lease = acquired();
        released(lease);
        try (OpenTransaction application = transaction()) {
            application.holdLease(name());

            // when
            Optional<Lease> meanwhile = tried();

            // then
            assertThat(meanwhile).isEmpty();
        }
        assertThat(tried()).isPresent();
    }
}
