package dev.pawl.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.JsonCodec;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Leases;
import dev.pawl.lease.Refusal;
import dev.pawl.testkit.AnyPawl;
import dev.pawl.testkit.AnyPawl.Over;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application does with named leases, on both stores. */
class LeasesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String name = "digest " + UUID.randomUUID();

    @ParameterizedTest
    @EnumSource
    void one_has_it_until_it_is_closed(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            Leases leases = any.pawl().leases();
            assertThat(leases.find(name)).isEmpty();

            HeldLease held = leases.acquire(name, MINUTE).orElseThrow();
            assertThat(leases.acquire(name, MINUTE)).isEmpty();
            assertThat(held.isCurrent()).isTrue();
            assertThat(held.lease().subject()).isEqualTo(name);
            assertThat(held.lease().length()).isEqualTo(MINUTE);
            assertThat(leases.find(name).map(Lease::fence))
                    .contains(held.lease().fence());

            held.close();
            assertThat(held.isCurrent()).isFalse();
            assertThat(held.release()).as("again").isEmpty();
            assertThat(leases.find(name)).isEmpty();
            try (HeldLease next = leases.acquire(name, MINUTE).orElseThrow()) {
                assertThat(next.token()).isGreaterThan(held.token());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_is_renewed_for_its_length_or_another(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none());
                HeldLease held = any.pawl().leases().acquire(name, MINUTE).orElseThrow()) {
            Lease first = held.lease();

            assertThat(held.renew().fence()).isEqualTo(first.fence());
            assertThat(held.renew(Duration.ofHours(1)).expiresAt()).isAfter(first.expiresAt());
            assertThat(held.renew(MINUTE).length()).isGreaterThan(Duration.ofMinutes(59));
            assertThat(held.token()).isEqualTo(first.token());
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_was_given_back_can_not_be_renewed(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            HeldLease held = any.pawl().leases().acquire(name, MINUTE).orElseThrow();
            held.close();

            assertThatThrownBy(held::renew)
                    .isInstanceOfSatisfying(
                            LeaseLostException.class,
                            lost -> assertThat(lost.refusal().reason()).isEqualTo(Refusal.Reason.RELEASED))
                    .hasMessageMatching("lease #\\d+ on digest .* \\(.+\\) was given back at .*Z");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_is_given_back_to_rest_is_nobodys_for_a_while(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            Leases leases = any.pawl().leases();
            HeldLease held = leases.acquire(name, MINUTE).orElseThrow();

            assertThat(held.release(MINUTE)).isEmpty();

            assertThat(leases.find(name)).isEmpty();
            assertThat(leases.acquire(name, MINUTE)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_whose_length_has_run_out_here_is_current_no_more(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none());
                HeldLease held = any.pawl()
                        .leases()
                        .acquire(name, Duration.ofMillis(100))
                        .orElseThrow()) {
            Awaitility.await().until(() -> !held.isCurrent());

            held.renew(MINUTE);

            assertThat(held.isCurrent()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nonsense_is_refused_before_anything_is_asked(Over over) {
        try (AnyPawl any = over.open(JsonCodec.none())) {
            Leases leases = any.pawl().leases();

            assertThatThrownBy(() -> leases.acquire("", MINUTE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("name of a lease must have 1 to 255 characters, but had 0: ''");
            assertThatThrownBy(() -> leases.acquire("a\nb", MINUTE)).hasMessageContaining("U+000A at index 1");
            assertThatThrownBy(() -> leases.find("x".repeat(256))).hasMessageContaining("but had 256");
            assertThatThrownBy(() -> leases.acquire(name, Duration.ofNanos(999_999)))
                    .hasMessage("lease length must be at least PT0.001S, but was PT0.000999999S");
            assertThatThrownBy(() -> leases.acquire(name, Duration.ofDays(5_000)))
                    .hasMessageContaining("lease length must be at most 3660 days");
            assertThatThrownBy(() -> leases.lead(name, Duration.ofMillis(99), term -> {}))
                    .hasMessage("lease length must be at least PT0.1S, but was PT0.099S");
            assertThat(leases.find(name)).isEmpty();
            assertThatThrownBy(() -> leases.acquire("scan/articles", MINUTE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "name of a lease must not begin with 'scan/', since those are Pawl's own, for whoever walks a"
                                    + " scan, but was 'scan/articles': give it another name");
            assertThatThrownBy(() -> leases.lead("scan/articles", MINUTE, term -> {}))
                    .hasMessageContaining("Pawl's own");
            assertThat(leases.find("scan/articles")).as("may be looked at").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_done_after_the_end(Over over) {
        AnyPawl any = over.open(JsonCodec.none());
        Leases leases = any.pawl().leases();
        HeldLease held = leases.acquire(name, MINUTE).orElseThrow();
        any.close();

        assertThatThrownBy(() -> leases.acquire(name, MINUTE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> leases.find(name)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(held::renew).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(held::release).isInstanceOf(IllegalStateException.class);
    }
}
