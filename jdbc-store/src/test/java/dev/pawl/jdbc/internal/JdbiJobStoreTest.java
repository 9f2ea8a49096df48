package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way of a job through PostgreSQL. Every rule has its test in the testkit's contract suite. */
class JdbiJobStoreTest {
    private static Postgres.Fixture fixture;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MICROS));
    private final Database database = fixture.database().at(() -> Optional.of(now.get()));
    private final JobsOf jobs = new JobsOf(new JdbiJobStore(database), Postgres.newSchema());

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void a_job_passes_its_stages_and_completes() {
        JobId id = jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");

        Answer first = jobs.checkpoint(claimed, 0, "{\"n\":1}");
        Answer second = jobs.checkpoint(claimed, 1, "2");
        Answer third = jobs.checkpoint(claimed, 2, "[3]");

        assertThat(first).isInstanceOf(Answer.Done.class);
        assertThat(second).isInstanceOf(Answer.Done.class);
        assertThat(((Answer.Done) third).job().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(jobs.store().results(id, Set.of(0, 1, 2)).values())
                .containsExactly(Json.of("{\"n\":1}"), Json.of("2"), Json.of("[3]"));
        JobSnapshot job = jobs.store().find(id).orElseThrow();
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.stages()).containsExactly("one", "two", "three");
        assertThat(job.endedAt()).contains(now.get());
        assertThat(jobs.claim(10, "w#2")).isEmpty();
    }

    @Test
    void an_expired_lease_is_taken_over_and_its_holder_can_write_no_more() {
        JobId id = jobs.enqueue();
        Claimed zombie = jobs.claimOne("w#1");
        now.set(now.get().plus(JobsOf.LEASE));

        Claimed taker = jobs.claimOne("w#2");
        Answer late = jobs.checkpoint(zombie, 0, "1");

        assertThat(taker.takenFrom()).contains(JobsOf.fence(zombie));
        assertThat(taker.job().takeovers()).isEqualTo(1);
        assertThat(late)
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Superseded.class));
        assertThat(jobs.store().failures(id))
                .singleElement()
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TAKEN_OVER));
    }

    @Test
    void a_repeated_checkpoint_is_a_repeat_and_another_result_a_conflict() {
        jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");
        jobs.checkpoint(claimed, 0, "1");
        jobs.checkpoint(claimed, 1, "2");
        jobs.checkpoint(claimed, 2, "3");

        assertThat(jobs.checkpoint(claimed, 0, "1")).isInstanceOf(Answer.Repeated.class);
        assertThat(jobs.checkpoint(claimed, 2, "3")).isInstanceOf(Answer.Repeated.class);
        assertThat(jobs.checkpoint(claimed, 2, "4"))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Conflict.class));
    }

    @Test
    void J9_what_was_asked_for_first_is_there_first_also_where_an_id_comes_again() {
        jobs.enqueue();
        UUID known = UUID.randomUUID();
        UUID twice = UUID.randomUUID();
        jobs.store().enqueue(List.of(jobs.row(known, Optional.of("a"))));

        List<Enqueued> answers = jobs.store()
                .enqueue(List.of(
                        jobs.row(twice, Optional.of("a")),
                        jobs.row(twice, Optional.of("b")),
                        jobs.row(UUID.randomUUID(), Optional.of("b"))));

        assertThat(answers)
                .containsExactly(
                        new Enqueued(new JobId(jobs.queue(), known), false),
                        new Enqueued(new JobId(jobs.queue(), twice), true),
                        new Enqueued(new JobId(jobs.queue(), twice), false));
    }

    @Test
    void the_rare_kinds_leave_their_records() {
        JobId id = jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");
        jobs.write(new JobWrite.SaveProgress(id, JobsOf.fence(claimed), 0, 1, Json.of("{\"at\":7}"), JobsOf.LEASE));

        jobs.write(new JobWrite.Fail(
                id, JobsOf.fence(claimed), 0, ErrorInfo.of("no such file"), Optional.of(Duration.ZERO)));
        Claimed again = jobs.claimOne("w#2");
        jobs.write(new JobWrite.Release(id, JobsOf.fence(again), 0, Duration.ZERO));
        jobs.write(new JobWrite.Cancel(id, Actor.user("ann")));
        jobs.write(new JobWrite.Retry(id, Actor.SYSTEM));

        assertThat(again.progress()).contains(Json.of("{\"at\":7}"));
        assertThat(again.job().attempt()).isEqualTo(2);
        assertThat(jobs.store().find(id).orElseThrow().status()).isEqualTo(JobStatus.WAITING);
        assertThat(jobs.store().failures(id))
                .singleElement()
                .satisfies(failure -> assertThat(failure.toString()).startsWith("FAILED at one, attempt 1, "));
        List<String> operations = fixture.sql()
                .withHandle(handle -> handle.select(
                                "select kind || ' ' || coalesce(by_user, '-') from operation where queue = ? order by id",
                                jobs.queue())
                        .mapTo(String.class)
                        .list());
        assertThat(operations).containsExactly("CANCEL ann", "RETRY -");
    }

    @Test
    void a_paused_queue_gives_nothing() {
        jobs.enqueue();
        JdbiQueueStore queues = new JdbiQueueStore(database);

        queues.pause(jobs.queue(), Actor.user("ann"));
        queues.pause(jobs.queue(), Actor.SYSTEM);

        assertThat(queues.isPaused(jobs.queue())).isTrue();
        assertThat(jobs.claim(1, "w#1")).isEmpty();
        queues.resume(jobs.queue(), Actor.SYSTEM);
        assertThat(queues.isPaused(jobs.queue())).isFalse();
        assertThat(jobs.claim(1, "w#1")).hasSize(1);
    }
}
