package dev.pawl.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Running;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.testkit.Logged;
import dev.pawl.testkit.PostgresProxy;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Audits that repeat themselves, by the real time: in one process, through failures, until they are closed. */
class RepeatedAuditsTest extends AuditScene {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String LEASE = "pawl/auditor";
    private static final String LOGGER = "dev.pawl.worker.RepeatedAudits";

    @Test
    void one_process_audits_and_another_when_that_is_closed() {
        // given
        List<Audit> mine = new CopyOnWriteArrayList<>();
        List<Audit> others = new CopyOnWriteArrayList<>();
        try (JdbiPawl other =
                JdbiPawl.with(database().dataSource()).name("other").open()) {
            Running auditing = auditor().every(SECOND, mine::add);
            await().atMost(SOON).until(() -> !mine.isEmpty());
            Running waiting = other.auditor().every(SECOND, others::add);

            // when
            int before = mine.size();
            await().atMost(SOON).until(() -> mine.size() >= before + 3);
            assertThat(others).isEmpty();
            assertThat(pawl().leases().find(LEASE).orElseThrow().holder()).startsWith("audit#");
            auditing.close();

            // then
            int after = mine.size();
            await().atMost(SOON).until(() -> others.size() >= 2);
            assertThat(mine).hasSize(after);
            waiting.close();
        }
        assertThat(mine).allMatch(Audit::isClean).allMatch(Audit::isComplete);
        assertThat(pawl().leases().find(LEASE)).isEmpty();
    }

    /** With an hour between audits, the second one of a process would be one too many. */
    @Test
    void of_two_processes_one_audits_and_the_other_takes_over_when_that_is_gone() {
        List<Audit> mine = new CopyOnWriteArrayList<>();
        List<Audit> others = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        try (PostgresProxy network = PostgresProxy.to(database());
                JdbiPawl first = JdbiPawl.with(database().dataSource(network))
                        .name("first")
                        .open();
                JdbiPawl second = JdbiPawl.with(counting(asked)).name("second").open()) {
            // given: one audits, and the other has asked whether it may
            first.auditor().every(HOUR, mine::add);
            await().atMost(SOON).until(() -> !mine.isEmpty());
            int before = asked.get();
            second.auditor().every(HOUR, others::add);
            await().atMost(SOON).until(() -> asked.get() >= before + 2);
            assertThat(mine).hasSize(1);
            assertThat(others).isEmpty();

            // when: nobody hears of the first, nor it of anybody, and its lease runs out
            network.silence();
            assertThat(sql("update pawl.lease set taken_until = now() where name = '" + LEASE + "'"))
                    .isEqualTo(1);

            // then
            await().atMost(SOON).until(() -> !others.isEmpty());
            assertThat(pawl().leases().find(LEASE).orElseThrow().holder()).startsWith("second#");
            assertThat(mine).hasSize(1);
            assertThat(others).hasSize(1);
            network.restore();
        }
    }

    /** How often somebody took a connection. */
    private DataSource counting(AtomicInteger taken) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                taken.incrementAndGet();
            }
            try {
                return method.invoke(database().dataSource(), arguments);
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
        };
        return (DataSource)
                Proxy.newProxyInstance(DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, handler);
    }

    @Test
    void it_ends_with_its_pawl_and_in_silence() {
        List<Audit> told = new CopyOnWriteArrayList<>();
        try (Logged log = Logged.by(LOGGER, "")) {
            try (JdbiPawl other =
                    JdbiPawl.with(database().dataSource()).name("other").open()) {
                other.auditor().every(SECOND, told::add);
                await().atMost(SOON).until(() -> !told.isEmpty());
            }
            assertThat(pawl().leases().find(LEASE)).isEmpty();
            assertThat(log.all()).isEmpty();
        }
    }

    @Test
    void each_finding_is_logged_once_by_each_audit_and_told() {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        List<Audit> told = new CopyOnWriteArrayList<>();

        // when
        try (Logged log = Logged.by(LOGGER, "")) {
            try (Running auditing = auditor().every(SECOND, told::add)) {
                await().atMost(SOON).until(() -> told.size() >= 2);
                assertThat(auditing).isNotNull();
            }

            // then: each audit is told after it was logged, and the last one may be cut off between the two
            assertThat(log.all())
                    .hasSizeBetween(told.size(), told.size() + 1)
                    .containsOnly("audit: status-contradicts: job " + job + ": RUNNING without a lease");
        }
        assertThat(told)
                .allSatisfy(audit -> assertThat(audit.violations())
                        .extracting(Violation::invariant)
                        .containsExactly(Invariant.STATUS_CONTRADICTS));
    }

    @Test
    void a_listener_that_fails_stops_nothing() {
        CountDownLatch thrice = new CountDownLatch(3);
        try (Logged log = Logged.by(LOGGER, "");
                Running auditing = auditor().every(SECOND, audit -> {
                    thrice.countDown();
                    throw new IllegalStateException("no mail today");
                })) {
            await().atMost(SOON).until(() -> thrice.getCount() == 0);
            assertThat(log.warnings()).hasSizeGreaterThanOrEqualTo(2).containsOnly("the listener of audits failed");
            assertThat(auditing).isNotNull();
        }
    }

    @Test
    void an_audit_that_fails_is_made_again() {
        List<Audit> told = new CopyOnWriteArrayList<>();
        sql("alter table pawl.scan rename to scan_elsewhere");
        try (Logged log = Logged.by(LOGGER, "");
                Running auditing = auditor().every(SECOND, told::add)) {
            await().atMost(SOON).until(() -> log.warnings().size() >= 2);
            assertThat(told).isEmpty();
            assertThat(log.warnings())
                    .allSatisfy(line -> assertThat(line).startsWith("an audit failed, and is tried again in PT1S: "));

            sql("alter table pawl.scan_elsewhere rename to scan");

            await().atMost(SOON).until(() -> !told.isEmpty());
            assertThat(auditing).isNotNull();
        }
    }

    @Test
    void one_that_ended_at_its_limits_is_gone_on_with_by_the_next() {
        List<Audit> told = new CopyOnWriteArrayList<>();
        long jobs = auditor().audit().jobs();
        AuditLimits limits = AuditLimits.STANDARD.atMost(Duration.ofMinutes(1), jobs - 1);
        try (Running auditing = auditor().within(limits).every(SECOND, told::add)) {
            await().atMost(SOON).until(() -> told.size() >= 3);
            assertThat(auditing).isNotNull();
        }
        assertThat(told.subList(0, 3)).extracting(Audit::jobs).containsExactly(jobs - 1, 1L, jobs - 1);
        assertThat(told.subList(0, 3)).extracting(Audit::isComplete).containsExactly(false, true, false);
    }

    @Test
    void pages_are_gone_on_with_and_each_job_is_looked_at_once() {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        long all = auditor().audit().jobs();

        // when
        Audit audit = auditor()
                .within(AuditLimits.STANDARD.atMost(Duration.ofMinutes(1), 4))
                .audit();
        long jobs = audit.jobs();
        int found = audit.violations().size();
        while (!audit.isComplete()) {
            assertThat(audit.jobs()).isEqualTo(4);
            audit = auditor()
                    .within(AuditLimits.STANDARD.atMost(Duration.ofMinutes(1), 4))
                    .more(audit);
            jobs += audit.jobs();
            found += audit.violations().size();
        }

        // then
        Audit last = audit;
        assertThat(jobs).isEqualTo(all);
        assertThat(found).isEqualTo(1);
        assertThatThrownBy(() -> auditor().more(last)).hasMessageContaining("the audit is complete");
        assertThat(auditor()
                        .within(AuditLimits.STANDARD.atMost(Duration.ofNanos(1), 1))
                        .audit()
                        .isComplete())
                .isFalse();
    }
}
