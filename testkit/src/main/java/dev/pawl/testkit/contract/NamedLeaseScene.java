package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import java.time.Duration;
import java.util.Optional;

/** What the rules of named leases say with. */
interface NamedLeaseScene extends Scene {
    /** Of this test alone. */
    default String name() {
        return "lease of " + queue();
    }

    /** Another holder's. */
    default Optional<Lease> tried() {
        return leases().acquire(name(), holder("worker-2"), LENGTH);
    }

    default Lease acquired() {
        Optional<Lease> lease = leases().acquire(name(), holder("worker-1"), LENGTH);
        assertThat(lease).as("a name that is free").isPresent();
        return lease.get();
    }

    /** Acquired by another after its expiry. */
    default Lease superseding(Lease former) {
        time().advance(LENGTH);
        Lease next = acquired();
        assertThat(next.fence()).isNotEqualTo(former.fence());
        return next;
    }

    default Lease renewed(Lease lease, Duration length) {
        LeaseAnswer answer = leases().renew(lease.subject(), lease.fence(), length);
        assertThat(answer).isInstanceOf(LeaseAnswer.Renewed.class);
        return ((LeaseAnswer.Renewed) answer).lease();
    }

    default void released(Lease lease) {
        assertThat(leases().release(lease.subject(), lease.fence(), Duration.ZERO))
                .isInstanceOf(LeaseAnswer.Released.class);
    }

    default Refusal refusal(LeaseAnswer answer) {
        assertThat(answer).isInstanceOf(LeaseAnswer.Refused.class);
        return ((LeaseAnswer.Refused) answer).refusal();
    }

    default FencingToken superseder(LeaseAnswer answer) {
        Refusal refusal = refusal(answer);
        assertThat(refusal).isInstanceOf(Refusal.Superseded.class);
        return ((Refusal.Superseded) refusal).by();
    }

    default void refusedAsMissing(Lease lease) {
        assertThat(refusal(leases().renew(lease.subject(), lease.fence(), LENGTH)))
                .isEqualTo(new Refusal.Missing());
        assertThat(refusal(leases().release(lease.subject(), lease.fence(), Duration.ZERO)))
                .isEqualTo(new Refusal.Missing());
    }
}
