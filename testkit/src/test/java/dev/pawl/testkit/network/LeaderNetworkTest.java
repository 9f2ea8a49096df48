package dev.pawl.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases.Leader;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaders and holders of names behind a network that fails them. */
@PawlTest
class LeaderNetworkTest {
    private static final String NAME = "mailer";
    private static final Duration LENGTH = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(1);

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
        network.restore();
        behind.close();
        here.close();
    }

    @Test
    void a_leader_whose_network_swallows_everything_is_interrupted_by_the_clock() {
        AtomicLong interruptedAt = new AtomicLong();
        AtomicBoolean current = new AtomicBoolean(true);
        Leader leader = behind.leases().lead(NAME, LENGTH, term -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException over) {
                current.set(term.isCurrent());
                interruptedAt.set(System.nanoTime());
                throw over;
            }
        });
        await().until(() -> leader.lease().isPresent());

        long cut = System.nanoTime();
        network.silence();

        await().until(() -> interruptedAt.get() != 0);
        assertThat(Duration.ofNanos(interruptedAt.get() - cut)).isLessThan(LENGTH.plusSeconds(1));
        assertThat(current).isFalse();
        assertThat(leader.lease()).isEmpty();
        await().until(() -> here.leases().acquire(NAME, LONG).isPresent());
    }

    @Test
    void an_acquire_whose_connection_is_lost_is_made_again() {
        network.cutBefore(Sql.ACQUIRE);

        try (HeldLease held = behind.leases().acquire(NAME, LONG).orElseThrow()) {
            assertThat(network.cutsToCome()).isZero();
            assertThat(here.leases().find(NAME).map(Lease::fence))
                    .contains(held.lease().fence());
        }
        assertThat(here.leases().find(NAME)).isEmpty();
    }
}
