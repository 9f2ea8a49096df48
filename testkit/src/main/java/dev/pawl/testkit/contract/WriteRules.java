package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** J4, J5: every write is answered, and none leaves a contradiction. */
interface WriteRules extends Scene {
    @Test
    default void J4_each_write_of_a_call_has_its_own_answer_in_its_place() {
        // given
        Held zombie = held();
        takenOver(zombie);
        Held good = held();
        Held done = held();
        done(done.checkpoint());
        Held nowhere = new Held(new JobId(queue(), UUID.randomUUID()), good.fence(), 0);
        Whole untouched = whole(zombie.id());

        // when
        List<Answer> answers =
                jobs().write(List.of(zombie.checkpoint(), good.checkpoint(), nowhere.renew(), done.checkpoint()));

        // then
        assertThat(answers).hasSize(4);
        assertThat(answers.get(0))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(Reason.SUPERSEDED));
        assertThat(answers.get(1)).isInstanceOf(Answer.Done.class);
        assertThat(answers.get(2))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(Reason.MISSING));
        assertThat(answers.get(3)).isInstanceOf(Answer.Repeated.class);
        assertThat(whole(zombie.id())).isEqualTo(untouched);
        assertThat(job(good).stagesDone()).isEqualTo(1);
    }

    @Test
    default void J4_one_call_writes_all_kinds_to_many_jobs() {
        // given
        List<Held> held = new ArrayList<>();
        Held.WRITES.forEach(kind -> held.add(held()));
        List<JobWrite> writes = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            writes.add(Held.WRITES.get(i).apply(held.get(i)));
        }
        JobId cancelled = enqueued();
        writes.add(cancel(cancelled));

        // when
        List<Answer> answers = jobs().write(writes);

        // then
        assertThat(answers).hasSize(writes.size()).hasOnlyElementsOfType(Answer.Done.class);
        for (int i = 0; i < writes.size(); i++) {
            JobSnapshot now = job(writes.get(i).job());
            assertThat(((Answer.Done) answers.get(i)).job().id()).isEqualTo(now.id());
            assertThat(((Answer.Done) answers.get(i)).job().status()).isEqualTo(now.status());
        }
        assertThat(job(cancelled).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    default void J4_two_writes_for_one_job_are_refused_as_a_whole() {
        // given
        Held held = held();
        Held neighbour = held();
        Whole before = whole(held.id());
        Whole neighbourBefore = whole(neighbour.id());

        // when
        List<JobWrite> writes = List.of(neighbour.checkpoint(), held.saveProgress(1), held.checkpoint());
        assertThatThrownBy(() -> jobs().write(writes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(held.id().toString());

        // then
        assertThat(whole(held.id())).isEqualTo(before);
        assertThat(whole(neighbour.id())).isEqualTo(neighbourBefore);
    }

    @Test
    default void J4_a_write_that_hits_no_row_is_not_silent() {
        // given: a job of which there is no row
        Held nowhere = new Held(new JobId(queue(), UUID.randomUUID()), held().fence(), 0);

        // when
        List<Answer> answers = nowhere.everyWrite().stream().map(this::write).toList();

        // then
        assertThat(answers).hasOnlyElementsOfType(Answer.Refused.class);
        assertThat(jobs().find(nowhere.id())).isEmpty();
    }

    @Test
    default void J4_nothing_to_write_is_answered_by_nothing() {
        assertThat(jobs().write(List.of())).isEmpty();
    }

    @Test
    default void J5_a_pending_job_has_no_stage_and_no_token() {
        assertThat(inEveryCondition())
                .filteredOn(job -> job.status() == JobStatus.PENDING)
                .isNotEmpty()
                .allSatisfy(job -> {
                    assertThat(job.stagesDone()).isZero();
                    assertThat(job.token()).isEmpty();
                    assertThat(job.startedAt()).isEmpty();
                });
    }

    @Test
    default void J5_a_running_job_and_no_other_has_a_holder_and_an_expiry() {
        assertThat(inEveryCondition())
                .filteredOn(job -> job.status() == JobStatus.RUNNING)
                .isNotEmpty()
                .allSatisfy(job -> {
                    assertThat(job.holder()).isPresent();
                    assertThat(job.leaseExpiresAt()).isPresent();
                    assertThat(job.token()).isPresent();
                });
        assertThat(inEveryCondition())
                .filteredOn(job -> job.status() != JobStatus.RUNNING)
                .isNotEmpty()
                .allSatisfy(job -> {
                    assertThat(job.holder()).isEmpty();
                    assertThat(job.leaseExpiresAt()).isEmpty();
                });
    }

    @Test
    default void J5_an_ended_job_and_no_other_has_an_end_time_and_no_due_time() {
        assertThat(inEveryCondition())
                .filteredOn(job -> job.status().isEnded())
                .isNotEmpty()
                .allSatisfy(job -> {
                    assertThat(job.endedAt()).isPresent();
                    assertThat(job.dueAt()).isEmpty();
                });
        assertThat(inEveryCondition())
                .filteredOn(job -> !job.status().isEnded())
                .isNotEmpty()
                .allSatisfy(job -> {
                    assertThat(job.endedAt()).isEmpty();
                    assertThat(job.dueAt()).isPresent();
                });
    }

    @Test
    default void J5_a_job_is_completed_when_all_its_stages_are_and_only_then() {
        assertThat(inEveryCondition())
                .isNotEmpty()
                .allSatisfy(job -> assertThat(job.status() == JobStatus.COMPLETED)
                        .as("%s is completed", job)
                        .isEqualTo(job.stagesDone() == job.stages().size()));
    }

    @Test
    default void J5_counters_are_never_negative() {
        // given: a job that is given back again and again, also after a checkpoint under the same lease
        Held held = held();
        done(held.release());
        held = claim();
        done(held.checkpoint());
        done(held.at(1).release());
        assertThat(job(held).attempt()).isZero();

        // when
        done(claim().release());

        // then
        assertThat(job(held).attempt()).isZero();
        end(held.id());
        assertThat(inEveryCondition()).allSatisfy(job -> {
            assertThat(job.attempt()).isNotNegative();
            assertThat(job.takeovers()).isNotNegative();
        });
    }

    /** A job in each condition that a write can bring it into, in each way. */
    private List<JobSnapshot> inEveryCondition() {
        List<JobSnapshot> jobs = new ArrayList<>();
        Held pastStage = held();
        done(pastStage.checkpoint());
        jobs.add(job(pastStage));
        jobs.add(job(takenOver(pastStage)));
        Held completed = heldAtLastStage();
        done(completed.checkpoint());
        jobs.add(job(completed));
        for (var write : Held.WRITES) {
            Held held = held();
            jobs.add(job(held));
            done(write.apply(held));
            jobs.add(job(held));
            if (!job(held).status().isEnded()) {
                done(cancel(held.id()));
                jobs.add(job(held));
            }
            done(retry(held.id()));
            jobs.add(job(held));
            done(cancel(held.id()));
        }
        jobs.add(job(enqueue(draft().after(Duration.ofHours(1))).id()));
        JobId unstarted = enqueued();
        done(cancel(unstarted));
        jobs.add(job(unstarted));
        done(retry(unstarted));
        jobs.add(job(unstarted));
        done(cancel(unstarted));
        end(pastStage.id());
        return jobs;
    }
}
