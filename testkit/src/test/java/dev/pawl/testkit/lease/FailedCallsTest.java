package dev.pawl.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.lease.BusyException;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.Faults;
import dev.pawl.testkit.InMemoryPawl;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a held lease is after calls of it have failed. */
class FailedCallsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int BUSY_TRIES = 20;

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final Faults faults = pawl.faults().ofLeases();
    private final HeldLease held = pawl.leases().acquire("digest", MINUTE).orElseThrow();

    private void isBusy() {
        for (int i = 0; i < BUSY_TRIES; i++) {
            faults.busy();
        }
    }

    @Test
    void a_release_that_failed_may_be_repeated_and_lets_the_name_go_only_then() {
        isBusy();

        assertThatThrownBy(held::release).isInstanceOf(BusyException.class);

        assertThat(held.isCurrent()).as("whoever releases is leaving").isFalse();
        assertThat(pawl.leases().find("digest")).isPresent();
        assertThat(held.release()).isEmpty();
        assertThat(pawl.leases().find("digest")).isEmpty();
    }

    @Test
    void one_that_is_renewed_after_a_release_that_failed_is_current_again() {
        faults.failBeforeCommit();
        assertThatThrownBy(held::release).isInstanceOf(StoreException.class);

        held.renew();

        assertThat(held.isCurrent()).isTrue();
    }

    @Test
    void one_whose_release_was_made_and_not_answered_can_not_be_renewed() {
        faults.failAfterCommit();
        assertThatThrownBy(held::release).isInstanceOf(StoreException.class);

        assertThatThrownBy(held::renew).isInstanceOf(LeaseLostException.class);

        assertThat(held.isCurrent()).isFalse();
        assertThat(held.release()).as("ours").isEmpty();
    }

    @Test
    void one_that_another_has_says_so_at_each_release() {
        pawl.time().advance(MINUTE);
        HeldLease next = pawl.leases().acquire("digest", MINUTE).orElseThrow();

        for (int i = 0; i < 2; i++) {
            assertThat(held.release().map(Refusal::reason)).contains(Refusal.Reason.SUPERSEDED);
        }
        assertThat(next.renew().token()).isEqualTo(next.token());
    }

    @Test
    void its_length_is_another_only_once_a_renewal_for_that_has_succeeded() {
        pawl.faults().unreachable();
        assertThatThrownBy(() -> held.renew(HOUR)).isInstanceOf(StoreException.class);
        pawl.faults().reachable();

        assertThat(held.renew().length()).isEqualTo(MINUTE);
        held.renew(HOUR);
        assertThat(held.renew().length()).isEqualTo(HOUR);
    }
}
