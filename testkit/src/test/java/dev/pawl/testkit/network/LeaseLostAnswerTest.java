package dev.pawl.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The connection is cut at each statement of a named lease, before the server hears of it and after it has done it: what the caller is
 * told, and what the table says. Each statement is the first on its connection.
 */
@PawlTest
class LeaseLostAnswerTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration LONGER = Duration.ofHours(1);

    private final String name = "mailer " + UUID.randomUUID();
    private JdbiPawl here;
    private PostgresProxy network;
    private JdbiPawl behind;

    @BeforeEach
    void open(PostgresProxy proxy, DataSource source) throws Exception {
        here = JdbiPawl.on(source);
        network = proxy;
        behind = JdbiPawl.with(Unpooled.through(source, proxy)).name("behind").open();
    }

    @AfterEach
    void close() {
        assertThat(network.cutsToCome()).isZero();
        behind.close();
        here.close();
    }

    /** As the table has it. */
    private Optional<Lease> stored() {
        return here.leases().find(name);
    }

    private HeldLease held() {
        return behind.leases().acquire(name, LONG).orElseThrow();
    }

    private void isNotKnown(ThrowingCallable call, String what) {
        StoreException lost = catchThrowableOfType(StoreException.class, call);
        assertThat(lost).isNotNull();
        assertThat(lost.kind()).isEqualTo(StoreException.Kind.ANSWER_LOST);
        assertThat(lost)
                .hasMessageContaining("it is not known whether this happened: " + what + " lease '" + name + "'");
    }

    @Test
    void an_acquire_whose_answer_was_lost_is_asked_for_again_and_has_drawn_one_token() {
        HeldLease former = here.leases().acquire(name, LONG).orElseThrow();
        former.release();
        network.cutAfter(Sql.ACQUIRE);

        HeldLease held = held();

        assertThat(network.cutsToCome()).isZero();
        assertThat(held.token().value()).isEqualTo(former.token().value() + 1);
        assertThat(stored()).map(Lease::fence).contains(held.lease().fence());
        assertThat(held.isCurrent()).isTrue();
    }

    @Test
    void an_acquire_that_is_never_answered_may_have_taken_the_name_until_it_expires() {
        here.leases().acquire(name, LONG).orElseThrow().release();
        for (int tries = 0; tries < 3; tries++) {
            network.cutAfter(Sql.ACQUIRE);
        }

        isNotKnown(this::held, "acquire");

        assertThat(stored())
                .map(Lease::length)
                .hasValueSatisfying(left -> assertThat(left).isLessThanOrEqualTo(LONG));
        assertThat(here.leases().acquire(name, LONG)).isEmpty();
    }

    @Test
    void a_renewal_whose_answer_was_lost_has_happened_and_may_be_repeated() {
        HeldLease held = held();
        network.cutAfter(Sql.RENEW);

        isNotKnown(() -> held.renew(LONGER), "renew");

        assertThat(held.isCurrent()).isTrue();
        assertThat(stored().orElseThrow().expiresAt())
                .isAfter(held.lease().expiresAt().plus(LONG));
        assertThat(held.renew().expiresAt())
                .as("as the one that was lost has left it")
                .isEqualTo(stored().orElseThrow().expiresAt());
    }

    @Test
    void a_renewal_that_the_server_never_heard_of_has_not_happened_and_may_be_repeated() {
        HeldLease held = held();
        network.cutBefore(Sql.RENEW);

        isNotKnown(() -> held.renew(LONGER), "renew");

        assertThat(held.isCurrent()).isTrue();
        assertThat(stored().orElseThrow().expiresAt()).isEqualTo(held.lease().expiresAt());
        assertThat(held.renew(LONGER).fence()).isEqualTo(stored().orElseThrow().fence());
    }

    @Test
    void a_release_whose_answer_was_lost_has_happened_and_is_ours_when_it_is_repeated() {
        HeldLease held = held();
        network.cutAfter(Sql.RELEASE);

        isNotKnown(held::release, "release");

        assertThat(held.isCurrent()).as("whoever releases is leaving").isFalse();
        assertThat(stored()).isEmpty();
        assertThat(held.release()).isEmpty();
    }

    @Test
    void a_release_whose_answer_was_lost_lets_no_later_holder_go_when_it_is_repeated() {
        HeldLease held = held();
        network.cutAfter(Sql.RELEASE);
        isNotKnown(held::release, "release");
        HeldLease next = here.leases().acquire(name, LONG).orElseThrow();

        assertThat(held.release()).map(Refusal::reason).contains(Refusal.Reason.SUPERSEDED);

        assertThat(stored()).map(Lease::fence).contains(next.lease().fence());
    }

    @Test
    void a_release_that_the_server_never_heard_of_has_not_happened_and_may_be_repeated() {
        HeldLease held = held();
        network.cutBefore(Sql.RELEASE);

        isNotKnown(held::release, "release");

        assertThat(stored()).map(Lease::fence).contains(held.lease().fence());
        assertThat(held.release()).isEmpty();
        assertThat(stored()).isEmpty();
    }
}
