package dev.pawl.docs.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Running;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Repair;
import dev.pawl.audit.RepairListing;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.PawlTest;
import dev.pawl.view.JobEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@PawlTest
class AuditTest {
    private static final Logger log = LoggerFactory.getLogger(AuditTest.class);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Stage<Void> FETCH = Stage.named("fetch");
    private static final Stage<Void> PERSIST = Stage.named("persist");
    private static final Pipeline<String, Void> RECAP =
            Pipeline.named("recap", String.class).then(FETCH).then(PERSIST);

    private JobId broken;

    /** Something else wrote to the table. */
    @BeforeEach
    void breakARow(JdbiPawl pawl, DataSource dataSource) {
        pawl.jobs().enqueue(NewJob.of(RECAP, "2026-02-16"));
        ClaimedJob<String> job =
                pawl.jobs().claim(RECAP, 1, Duration.ofMinutes(10)).get(0);
        job.checkpoint(FETCH);
        broken = job.id();
        Jdbi.create(dataSource).useHandle(handle -> {
            for (String check : List.of("a_pending_job_has_no_stage", "a_pending_job_was_never_claimed")) {
                handle.execute("alter table pawl.job drop constraint if exists " + check);
            }
            handle.execute("update pawl.job set status = 'PENDING', holder = null, lease_expires_at = null");
        });
    }

    // tag::find[]
    /** Changes nothing. */
    static void find(JdbiPawl pawl, PrintStream out) {
        Audit audit = pawl.auditor().audit();
        for (Violation violation : audit.violations()) {
            out.println(
                    violation.invariant().severity() + " " + violation); // ERROR status-contradicts: job recap/0190…: …
            out.println(violation.invariant().meaning());
            out.println(violation.invariant().advice());
        }
    }
    // end::find[]

    // tag::mend[]
    static void findAndMend(JdbiPawl pawl, Predicate<JobId> outputsExist, Actor me, PrintStream out) {
        Auditor auditor = pawl.auditor().with(Evidence.of("recap", outputsExist));
        List<Violation> found = auditor.audit().violations(); // changes nothing
        List<Auditor.Plan> plans = auditor.plan(found); // changes nothing
        plans.forEach(plan -> out.println(plan.violation().code() + ": " + plan.before() + " -> " + plan.after()));
        auditor.repair(plans, me)
                .forEach(done -> out.println(done.plan().violation().subject() + " " + done.result()));
    }
    // end::mend[]

    @Test
    void what_is_wrong_is_told_in_words(JdbiPawl pawl) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        find(pawl, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("ERROR status-contradicts: job " + broken
                        + ": PENDING, which means never started, with 1 stages done and a token")
                .contains(Invariant.STATUS_CONTRADICTS.advice());
    }

    @Test
    void it_is_mended_by_evidence_and_recorded(JdbiPawl pawl) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        findAndMend(pawl, job -> true, Actor.user("ann"), new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("status-contradicts: PENDING at position 1 of 2, 1 checkpoint"
                        + " -> COMPLETED at position 2 of 2job " + broken + " DONE");
        assertThat(pawl.jobs().find(broken).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
        // tag::records[]
        List<Repair> repairs = pawl.auditor().repairs(100); // who, when, before and after; latest first
        // end::records[]
        // tag::pages[]
        RepairListing page = pawl.auditor().repairs(100, Optional.empty());
        while (page.next().isPresent()) {
            page = pawl.auditor().repairs(100, page.next());
        }
        // end::pages[]
        assertThat(page.rows()).isEqualTo(repairs);
        assertThat(pawl.views().timeline(broken).orElseThrow().events())
                .extracting(JobEvent::kind)
                .contains(JobEvent.Kind.REPAIRED);
        assertThat(repairs).extracting(Repair::by).containsExactly(Actor.user("ann"));
        assertThat(pawl.auditor().audit().isClean()).isTrue();
    }

    @Test
    void it_is_looked_for_again_and_again(JdbiPawl pawl) {
        List<Audit> told = new CopyOnWriteArrayList<>();
        Monitoring monitoring = told::add;
        // tag::every[]
        try (Running auditing = pawl.auditor().every(Duration.ofHours(1), audit -> monitoring.report(audit))) {
            // … for as long as the service runs, in as many processes as there are
            // end::every[]
            await().atMost(SOON).until(() -> !told.isEmpty());
            assertThat(auditing).isNotNull();
        }
        assertThat(told.get(0).violations()).hasSize(1);
    }

    interface Monitoring {
        void report(Audit audit);
    }

    @Test
    void it_is_looked_for_in_pieces(JdbiPawl pawl) {
        // tag::pieces[]
        Auditor auditor = pawl.auditor()
                .within(AuditLimits.STANDARD
                        .unclaimed(Duration.ofMinutes(30), Duration.ofHours(6)) // expired, and due, for so long
                        .atMost(Duration.ofSeconds(10), 100_000)); // of one piece
        Audit piece = auditor.audit();
        while (!piece.isComplete()) {
            log.info("{}", piece); // 2 violations among 100,000 jobs, with more to come, as of …
            piece = auditor.more(piece);
        }
        // end::pieces[]
        assertThat(piece.violations()).hasSize(1);
    }
}
