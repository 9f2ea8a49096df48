package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Answer;
import dev.pawl.testkit.InMemoryJobStore;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job showed {@code status = pending} with {@code last_stage = persist}, which no code path meant to write: the stage's row
 * and the job's row were two independent writes, the second hit no row, and nobody looked at the count.
 */
class IncidentATest {
    @ParameterizedTest
    @EnumSource
    void a_late_last_checkpoint_leaves_no_job_that_waits_with_all_its_stages_done(Stores store) {
        lateLastCheckpoint(store.scene());
    }

    @ParameterizedTest
    @EnumSource
    void a_checkpoint_that_hits_nothing_is_not_silent(Stores store) {
        checkpointOfACancelledJob(store.scene());
    }

    @Test
    void the_naive_store_shows_the_contradiction() {
        assertThatThrownBy(() -> lateLastCheckpoint(naive()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("all stages done of a job that is PENDING");
    }

    @Test
    void the_naive_store_is_silent() {
        assertThatThrownBy(() -> checkpointOfACancelledJob(naive()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the answer to a write that hit nothing");
    }

    private static void lateLastCheckpoint(SceneOf scene) {
        // given: a worker in the last stage, whose process gives the job back as it shuts down
        Held held = scene.held();
        scene.write(held.checkpoint());
        scene.write(held.at(1).checkpoint());
        scene.write(held.at(2).release());

        // when: the handler was not quite as dead as it seemed
        Answer answer = scene.write(held.at(2).checkpoint());

        // then
        JobSnapshot job = scene.job(held);
        assertThat(job.stagesDone() == 3)
                .as("all stages done of a job that is %s", job.status())
                .isEqualTo(job.status() == JobStatus.COMPLETED);
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        assertThat(scene.jobs().results(held.id(), Set.of(2))).isEmpty();
    }

    private static void checkpointOfACancelledJob(SceneOf scene) {
        // given
        Held held = scene.held();
        scene.write(scene.cancel(held.id()));
        Whole before = scene.whole(held.id());

        // when
        Answer answer = scene.write(held.checkpoint());

        // then
        assertThat(answer).as("the answer to a write that hit nothing").isInstanceOf(Answer.Refused.class);
        assertThat(scene.whole(held.id())).isEqualTo(before);
    }

    private static SceneOf naive() {
        InMemoryJobStore clock = InMemoryJobStore.create();
        return SceneOf.of(NaiveJobStore.withoutReclaiming(clock.time()), clock.queues(), clock.leases(), clock.time());
    }
}
