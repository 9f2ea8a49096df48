package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A job is deleted, and one of the same name made anew, while a holder of the first still believes to hold it. Where each
 * row counts its own versions, that holder writes to the second (ABA).
 */
class RecreatedJobTest {
    private static final Optional<String> KEY = Optional.of("2026-02-16");

    private static Postgres.Fixture fixture;

    private final JobsOf jobs = new JobsOf(new JdbiJobStore(fixture.database()), Postgres.newSchema());

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
        new JobsOf(new JdbiJobStore(fixture.database()), "any").enqueue(); // records the pipeline
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void L2_tokens_rise_across_the_deletion_and_re_creation_of_a_job_key() {
        Claimed first = enqueueAndClaim(UUID.randomUUID(), "first#1");
        delete();

        Claimed second = enqueueAndClaim(UUID.randomUUID(), "second#1");

        assertThat(second.job().id()).isNotEqualTo(first.job().id());
        assertThat(token(second)).isGreaterThan(token(first));
        for (JobWrite write : lateWritesOf(first)) {
            assertThat(refusalOf(write)).as("%s", write).isInstanceOf(Refusal.Missing.class);
        }
        assertThat(jobs.checkpoint(second, 0, "1")).isInstanceOf(Answer.Done.class);
    }

    @Test
    void L2_tokens_rise_across_the_deletion_and_re_creation_of_a_job_id() {
        UUID id = UUID.randomUUID();
        Claimed first = enqueueAndClaim(id, "same#1");
        delete();
        jobs.store().enqueue(List.of(jobs.row(id, KEY)));
        for (JobWrite write : lateWritesOf(first)) {
            assertThat(refusalOf(write)).as("%s, before the claim", write).isInstanceOf(Refusal.Missing.class);
        }

        Claimed second = jobs.claimOne("same#1"); // even by a holder of the same name

        assertThat(token(second)).isGreaterThan(token(first));
        String before = row(second.job().id());
        for (JobWrite write : lateWritesOf(first)) {
            assertThat(refusalOf(write))
                    .as("%s", write)
                    .isInstanceOfSatisfying(
                            Refusal.Superseded.class,
                            by -> assertThat(by.by().value()).isEqualTo(token(second)));
        }
        assertThat(row(second.job().id())).isEqualTo(before);
    }

    private Claimed enqueueAndClaim(UUID id, String holder) {
        assertThat(jobs.store().enqueue(List.of(jobs.row(id, KEY))).get(0).created())
                .isTrue();
        return jobs.claimOne(holder);
    }

    /** As retention does, and an operator by hand. */
    private void delete() {
        fixture.sql().useHandle(handle -> {
            assertThat(handle.execute("delete from job where queue = ?", jobs.queue()))
                    .isEqualTo(1);
            handle.execute("delete from checkpoint where queue = ?", jobs.queue());
            handle.execute("delete from failure where queue = ?", jobs.queue());
        });
    }

    private static List<JobWrite> lateWritesOf(Claimed claimed) {
        JobId id = claimed.job().id();
        Fence fence = JobsOf.fence(claimed);
        return List.of(
                JobsOf.checkpointing(claimed, 0, "1"),
                new JobWrite.SaveProgress(id, fence, 0, 1, Json.of("1"), JobsOf.LEASE),
                new JobWrite.Renew(id, fence, JobsOf.LEASE),
                new JobWrite.Fail(id, fence, 0, ErrorInfo.of("late"), Optional.empty()),
                new JobWrite.Release(id, fence, 0, Duration.ZERO));
    }

    private Refusal refusalOf(JobWrite write) {
        Answer answer = jobs.write(write);
        assertThat(answer).as("%s", write).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).refusal();
    }

    private static long token(Claimed claimed) {
        return claimed.job().token().orElseThrow().value();
    }

    private static String row(JobId id) {
        return fixture.sql()
                .withHandle(handle -> handle.select(
                                "select cast(row_to_json(j) as text) from job j where id = ?", id.uuid())
                        .mapTo(String.class)
                        .one());
    }
}
