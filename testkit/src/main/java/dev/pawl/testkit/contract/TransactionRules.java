package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobWrite;
import dev.pawl.store.JsonValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** J10, and what L6, L7, J2 and J9 say of transactions of an application's: it has its own, open beside Pawl's. */
interface TransactionRules extends Scene {
    Stage<Json> FETCH = Stage.named("fetch", Json.class);
    Pipeline<Json, Json> RECAP = Pipeline.named(PIPELINE, Json.class)
            .then(FETCH)
            .then(Stage.named("dedup", Json.class))
            .then(Stage.named("persist", Json.class));
    JsonValues VALUES = new JsonValues(JsonCodec.none(), JsonValues.STANDARD_LIMIT);

    @Test
    default void L6_a_row_that_a_transaction_holds_is_stepped_over() {
        // given: an expired lease and a new job, both held, and a neighbour
        Held expired = held();
        time().advance(LENGTH);
        JobId fresh = enqueued();
        JobId free = enqueued();

        // when
        List<JobId> claimed;
        try (OpenTransaction other = transaction()) {
            other.hold(expired.id());
            other.hold(fresh);
            claimed = claimedIds(10);
        }

        // then
        assertThat(claimed).containsExactly(free);
        assertThat(job(expired).takeovers()).isZero();
        assertThat(claimedIds(10)).containsExactlyInAnyOrder(expired.id(), fresh);
    }

    @Test
    default void L7_a_row_that_a_transaction_holds_is_busy_and_not_lost() {
        List<Function<Held, JobWrite>> writes = new ArrayList<>(Held.WRITES);
        writes.add(held -> cancel(held.id()));
        for (Function<Held, JobWrite> kind : writes) {
            // given
            Held held = held();
            JobWrite write = kind.apply(held);
            Whole before = whole(held.id());

            // when
            Answer answer;
            try (OpenTransaction other = transaction()) {
                other.hold(held.id());
                answer = write(write);
            }

            // then
            assertThat(answer).as("%s", write).isInstanceOf(Answer.Busy.class);
            assertThat(whole(held.id())).as("the job after %s", write).isEqualTo(before);
            done(write);
            end(held.id());
        }
    }

    @Test
    default void L7_a_lost_lease_is_told_even_while_a_transaction_holds_the_row() {
        // given
        Held zombie = held();
        Held successor = takenOver(zombie);

        // when
        List<Refusal> refusals;
        try (OpenTransaction other = transaction()) {
            other.hold(successor.id());
            refusals = zombie.everyWrite().stream().map(this::refused).toList();
        }

        // then
        assertThat(refusals).extracting(Refusal::reason).containsOnly(Reason.SUPERSEDED);
        done(successor.renew());
    }

    @Test
    default void J2_a_repeat_in_the_callers_transaction_is_refused_as_already_done() throws Exception {
        // given: what was committed, but nobody said so
        Attempt<Json> attempt = attempt();
        try (OpenTransaction first = transaction()) {
            first.insert(row("first"));
            first.jobs().record(attempt, Outcome.done(Held.RESULT));
            first.commit();
        }
        Whole before = whole(attempt.id());

        // when
        try (OpenTransaction again = transaction()) {
            again.insert(row("again"));
            assertThatThrownBy(() -> again.jobs().record(attempt, Outcome.done(Held.RESULT)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.refusal().reason()).isEqualTo(Reason.ALREADY_DONE));
            assertThatThrownBy(again::commit).isNotNull();
        }

        // then
        assertThat(committedRows()).contains(row("first")).doesNotContain(row("again"));
        assertThat(whole(attempt.id())).isEqualTo(before);
    }

    @Test
    default void J9_a_key_that_an_open_transaction_enqueues_is_busy_until_its_end() throws Exception {
        // given
        JobId known;
        try (OpenTransaction other = transaction()) {
            known = other.jobs().enqueue(newJob().key("k")).id();

            // when
            assertThatThrownBy(() -> enqueue(draft().key("k"))).isInstanceOf(BusyException.class);
            other.commit();
        }

        // then
        assertThat(enqueue(draft().key("k")).id()).isEqualTo(known);
        assertThat(claimedIds(10)).containsExactly(known);
    }

    @Test
    default void J10_a_commit_brings_the_jobs_and_the_callers_rows_and_nobody_sees_them_before() throws Exception {
        // given
        Attempt<Json> attempt = attempt();
        Whole before = whole(attempt.id());

        // when
        JobId enqueued;
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(row("mine"));
            enqueued = transaction.jobs().enqueue(newJob()).id();
            transaction.jobs().record(attempt, Outcome.done(Held.RESULT));

            // then
            assertThat(whole(attempt.id())).as("before the commit").isEqualTo(before);
            assertThat(jobs().find(enqueued)).as("before the commit").isEmpty();
            assertThat(committedRows()).as("before the commit").doesNotContain(row("mine"));
            transaction.commit();
        }
        assertThat(job(attempt.id()).stagesDone()).isEqualTo(1);
        assertThat(whole(attempt.id()).results()).isEqualTo(Map.of(0, Held.RESULT));
        assertThat(job(enqueued).status()).isEqualTo(JobStatus.PENDING);
        assertThat(committedRows()).contains(row("mine"));
    }

    @Test
    default void J10_a_rollback_takes_the_jobs_and_the_callers_rows_with_it() {
        // given
        Claimed claimed = claimed();
        Whole before = whole(claimed.job().id());

        // when
        JobId enqueued;
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(row("mine"));
            enqueued = transaction.jobs().enqueue(newJob().key("k")).id();
            transaction.jobs().record(attempt(claimed), Outcome.done(Held.RESULT));
        }

        // then: and the holder is still the holder, and the key is free
        assertThat(whole(claimed.job().id())).isEqualTo(before);
        assertThat(jobs().find(enqueued)).isEmpty();
        assertThat(committedRows()).doesNotContain(row("mine"));
        done(Held.by(claimed).checkpoint());
        assertThat(enqueue(draft().key("k")).created()).isTrue();
    }

    @Test
    default void J10_progress_and_every_outcome_can_be_a_part_of_it() throws Exception {
        // given
        Attempt<Json> saving = attempt();
        Attempt<Json> waiting = attempt();
        Attempt<Json> failing = attempt();

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.jobs().saveProgress(saving, Held.PROGRESS);
            transaction.jobs().record(waiting, Outcome.later(Duration.ofMinutes(1)));
            transaction.jobs().record(failing, Outcome.failed("no such day"));
            transaction.commit();
        }

        // then
        assertThat(job(saving.id()).progress()).contains(Held.PROGRESS);
        assertThat(job(saving.id()).status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job(waiting.id()).status()).isEqualTo(JobStatus.WAITING);
        assertThat(job(waiting.id()).dueAt()).contains(time().now().plus(Duration.ofMinutes(1)));
        assertThat(job(failing.id()).status()).isEqualTo(JobStatus.FAILED);
        assertThat(jobs().failures(failing.id())).hasSize(1);
    }

    @Test
    default void J10_a_refusal_makes_the_transaction_unable_to_commit() {
        // given
        Claimed zombie = claimed();
        Held successor = takenOver(Held.by(zombie));
        JobSnapshot before = whole(successor.id()).job().orElseThrow();

        // when: the refusal is swallowed
        JobId enqueued;
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(row("before"));
            enqueued = transaction.jobs().enqueue(newJob()).id();
            assertThatThrownBy(() -> transaction.jobs().record(attempt(zombie), Outcome.done(Held.RESULT)))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining(successor.token().toString());

            // then
            assertThatThrownBy(transaction::commit).isNotNull();
        }
        assertThat(committedRows()).doesNotContain(row("before"));
        assertThat(jobs().find(enqueued)).isEmpty();
        assertThat(whole(successor.id()).job()).contains(before);
        done(successor.checkpoint());
    }

    @Test
    default void J10_a_fence_holds_the_job_until_the_end_of_the_transaction_and_changes_nothing() throws Exception {
        // given: late, but not replaced
        Claimed late = claimed();
        time().advance(LENGTH);
        Whole before = whole(late.job().id());

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.jobs().fence(attempt(late));
            assertNothingClaimable();
            transaction.commit();
        }

        // then
        assertThat(whole(late.job().id())).isEqualTo(before);
        assertThat(claim().id()).isEqualTo(late.job().id());
        try (OpenTransaction transaction = transaction()) {
            assertThatThrownBy(() -> transaction.jobs().fence(attempt(late))).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(transaction::commit).isNotNull();
        }
    }

    private NewJob<Json> newJob() {
        return NewJob.of(RECAP, Held.RESULT).queue(queue());
    }

    private Claimed claimed() {
        enqueued();
        return claimOne();
    }

    private Attempt<Json> attempt() {
        return attempt(claimed());
    }

    /** What a handler gets, of a job that this process holds. */
    private Attempt<Json> attempt(Claimed claimed) {
        HeldJob<Json> held = new HeldJob<>(RECAP, claimed, LENGTH, VALUES, jobs());
        return new HeldAttempt<>(held, (job, progress) -> {}, () -> {});
    }

    /** A row of the application's: others are there, too. */
    private String row(String name) {
        return queue() + "/" + name;
    }

    private Set<String> committedRows() {
        try (OpenTransaction reading = transaction()) {
            return reading.rows();
        }
    }
}
