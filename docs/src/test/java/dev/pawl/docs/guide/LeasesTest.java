package dev.pawl.docs.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Leases;
import dev.pawl.lease.Leases.Leader;
import dev.pawl.lease.Leases.Term;
import dev.pawl.testkit.PawlTest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PawlTest
class LeasesTest {
    private final CopyOnWriteArrayList<Long> mailed = new CopyOnWriteArrayList<>();
    private Jdbi jdbi;

    @BeforeEach
    void createTable(DataSource source) {
        jdbi = Jdbi.create(source);
        jdbi.useHandle(handle -> handle.execute(
                "create table mailer (id int primary key, last_mail bigint not null, token bigint not null)"));
        jdbi.useHandle(handle -> handle.execute("insert into mailer values (1, 0, 0)"));
    }

    @AfterEach
    void dropTable() {
        jdbi.useHandle(handle -> handle.execute("drop table mailer"));
    }

    private void mailDue(long token) {
        mailed.add(token);
    }

    // tag::once[]
    /** In one process of the fleet at a time; the others find nothing to do. */
    void mailOnce(Leases leases) {
        Optional<HeldLease> lease = leases.acquire("nightly-mail", Duration.ofMinutes(10));
        if (lease.isEmpty()) {
            return;
        }
        try (HeldLease held = lease.get()) {
            mailDue(held.token().value());
        }
    }
    // end::once[]

    @Test
    void one_at_a_time(JdbiPawl pawl) {
        try (HeldLease other =
                pawl.leases().acquire("nightly-mail", Duration.ofMinutes(1)).orElseThrow()) {
            mailOnce(pawl.leases());
            assertThat(mailed).as("while %s", other).isEmpty();
        }

        mailOnce(pawl.leases());

        assertThat(mailed).hasSize(1);
        assertThat(pawl.leases().find("nightly-mail")).isEmpty();
    }

    @Test
    void long_work_is_renewed(JdbiPawl pawl) {
        // tag::renew[]
        try (HeldLease held =
                pawl.leases().acquire("reindex", Duration.ofMinutes(2)).orElseThrow()) {
            for (int part = 0; part < 100 && held.isCurrent(); part++) {
                reindex(part, held.token().value());
                held.renew(); // for two minutes from now; throws LeaseLostException if another has it
            }
        }
        // end::renew[]

        assertThat(mailed).hasSize(100);
    }

    private void reindex(int part, long token) {
        mailed.add(part + token);
    }

    @Test
    void clocks_that_differ(JdbiPawl pawl) {
        // tag::rest[]
        Optional<HeldLease> lease = pawl.leases().acquire("hourly-report", Duration.ofMinutes(10));
        lease.ifPresent(held -> {
            mailDue(held.token().value());
            held.release(Duration.ofMinutes(5)); // whoever's clock is behind finds it taken
        });
        // end::rest[]

        assertThat(mailed).hasSize(1);
        assertThat(pawl.leases().acquire("hourly-report", Duration.ofMinutes(10)))
                .isEmpty();
    }

    // tag::leader[]
    /** For as long as this process lives: leads, or waits to lead. */
    Leader start(Leases leases) {
        return leases.lead("mailer", Duration.ofSeconds(30), this::mail);
    }

    private void mail(Term term) throws InterruptedException {
        while (term.isCurrent()) {
            mailDue(term.token().value());
            TimeUnit.SECONDS.sleep(1); // interrupted when the term is over
        }
    }
    // end::leader[]

    @Test
    void leaders(JdbiPawl pawl) {
        try (Leader leader = start(pawl.leases())) {
            Awaitility.await().until(() -> !mailed.isEmpty());
            assertThat(leader.lease().orElseThrow().token().value()).isEqualTo(mailed.get(0));
        }

        assertThat(pawl.leases().find("mailer")).isEmpty();
    }

    @Test
    void rows_of_ones_own(JdbiPawl pawl) {
        try (HeldLease late =
                pawl.leases().acquire("mailer", Duration.ofMillis(1)).orElseThrow()) {
            Awaitility.await().until(() -> !late.isCurrent());
            try (HeldLease next =
                    pawl.leases().acquire("mailer", Duration.ofMinutes(1)).orElseThrow()) {
                assertThat(mailedUpTo(17, next.token().value())).isTrue();
                assertThat(mailedUpTo(16, late.token().value())).isFalse();
            }
        }
    }

    // tag::fence[]
    /** False if a later leader has been here: then stop. */
    boolean mailedUpTo(long mail, long token) {
        return jdbi.withHandle(handle -> handle.execute(
                        "update mailer set last_mail = ?, token = ? where id = 1 and token <= ?", mail, token, token))
                == 1;
    }
    // end::fence[]
}
