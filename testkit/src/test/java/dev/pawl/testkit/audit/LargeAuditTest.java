package dev.pawl.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A million jobs, with their checkpoints, and one of them broken: no page takes long, and a piece ends at its limits. */
@Tag("long")
class LargeAuditTest extends AuditScene {
    private static final Logger LOG = LoggerFactory.getLogger(LargeAuditTest.class);
    private static final int JOBS = 1_000_000;
    private static final int PIECE = 1_000;
    private static final Duration LONGEST_PIECE = Duration.ofSeconds(10);

    @Test
    void a_million_jobs_are_looked_at_in_pieces() {
        // given
        sql(
                "insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                        + " progress_no, payload, enqueued_at, started_at, ended_at)"
                        + " select 'press', gen_random_uuid(), 'story', 1, 3, 3, 'COMPLETED', 0, 1, 0, 1, now(), 0, '{}', now(), now(), now()"
                        + " from generate_series(1, " + JOBS + ")");
        sql("insert into pawl.checkpoint (queue, job_id, stage, token, at) select j.queue, j.id, s, 1, now()"
                + " from pawl.job j cross join generate_series(0, 1) s where j.queue = 'press'");
        JobId broken = desk().heldAt(1, Desk.STORY).id();
        set(broken, "holder = null");

        // when
        Auditor auditor = auditor().within(AuditLimits.STANDARD.atMost(Duration.ofMinutes(1), PIECE));
        List<Violation> found = new ArrayList<>();
        Duration longest = Duration.ZERO;
        long begin = System.nanoTime();
        long jobs = 0;
        long before = begin;
        Audit audit = auditor.audit();
        while (true) {
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            longest = took.compareTo(longest) > 0 ? took : longest;
            jobs += audit.jobs();
            found.addAll(audit.violations());
            if (audit.isComplete()) {
                break;
            }
            before = System.nanoTime();
            audit = auditor.more(audit);
        }
        LOG.warn(
                "{} jobs in {}, the slowest {} in {}",
                jobs,
                Duration.ofNanos(System.nanoTime() - begin),
                PIECE,
                longest);

        // then
        assertThat(jobs).isGreaterThan(JOBS);
        assertThat(longest).isLessThan(LONGEST_PIECE);
        assertThat(found).extracting(Violation::invariant).containsExactly(Invariant.STATUS_CONTRADICTS);
        assertThat(found.get(0).job()).contains(broken);
        Audit hurried = auditor()
                .within(AuditLimits.STANDARD.atMost(Duration.ofNanos(1), JOBS))
                .audit();
        assertThat(hurried.isComplete()).isFalse();
        assertThat(hurried.jobs()).isEqualTo(1_000);
    }
}
