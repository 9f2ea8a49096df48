package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.testkit.InMemoryJobStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker died, and its job stayed {@code running} for ever: the claim looked at pending and failed jobs only. Once
 * reclaiming was added, the old worker, which was only slow, overwrote the new one's progress: writes did not check who owned
 * the job.
 */
class IncidentCTest {
    private static final Json OURS = Json.of("{\"cursor\": 900}");
    private static final Json THEIRS = Json.of("{\"cursor\": 20}");

    @ParameterizedTest
    @EnumSource
    void a_dead_workers_job_is_claimed_by_another(Stores store) {
        deadWorker(store.scene());
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_worker_does_not_overwrite_its_successors_progress(Stores store) {
        slowWorkerSavesProgress(store.scene());
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_workers_result_does_not_stand_in_for_its_successors(Stores store) {
        slowWorkerCheckpoints(store.scene());
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_workers_failure_does_not_end_its_successors_job(Stores store) {
        slowWorkerFails(store.scene());
    }

    @ParameterizedTest
    @EnumSource
    void a_backfill_goes_on_at_its_saved_cursor(Stores store) {
        backfill(store.scene());
    }

    @Test
    void the_naive_claim_leaves_a_dead_workers_job_running_for_ever() {
        assertFails(IncidentCTest::deadWorker, naive(false), "who takes over from the dead");
    }

    @Test
    void the_naive_writes_overwrite_the_successors() {
        assertFails(IncidentCTest::slowWorkerSavesProgress, naive(true), "the successor's progress");
        assertFails(IncidentCTest::slowWorkerCheckpoints, naive(true), "results after a zombie's checkpoint");
        assertFails(IncidentCTest::slowWorkerFails, naive(true), "the job after a zombie's failure");
    }

    private static void deadWorker(SceneOf scene) {
        // given: a worker that claimed, and died
        Held dead = scene.held();
        scene.time().advance(Scene.LENGTH);

        // when
        List<Held> taken = scene.claim(10);

        // then
        assertThat(taken)
                .as("who takes over from the dead")
                .extracting(Held::id)
                .containsExactly(dead.id());
    }

    private static void slowWorkerSavesProgress(SceneOf scene) {
        // given
        Held slow = scene.held();
        scene.time().advance(Scene.LENGTH);
        Held successor = scene.claim();
        scene.write(successor.saveProgress(1, OURS));

        // when: the old worker thaws
        Answer answer = scene.write(slow.saveProgress(2, THEIRS));

        // then
        assertThat(scene.job(slow).progress()).as("the successor's progress").contains(OURS);
        assertThat(answer).isInstanceOf(Answer.Refused.class);
    }

    private static void slowWorkerCheckpoints(SceneOf scene) {
        // given
        Held slow = scene.held();
        scene.time().advance(Scene.LENGTH);
        Held successor = scene.claim();

        // when
        Answer answer = scene.write(slow.checkpoint(THEIRS));

        // then
        assertThat(scene.jobs().results(slow.id(), CheckpointRules.ALL))
                .as("results after a zombie's checkpoint")
                .isEmpty();
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        assertThat(scene.write(successor.checkpoint(OURS))).isInstanceOf(Answer.Done.class);
    }

    private static void slowWorkerFails(SceneOf scene) {
        // given
        Held slow = scene.held();
        scene.time().advance(Scene.LENGTH);
        Held successor = scene.claim();
        Whole before = scene.whole(slow.id());

        // when
        scene.write(slow.failForGood());

        // then
        assertThat(scene.whole(slow.id()))
                .as("the job after a zombie's failure")
                .isEqualTo(before);
        assertThat(scene.write(successor.renew())).isInstanceOf(Answer.Done.class);
    }

    private static void backfill(SceneOf scene) {
        // given: a worker that died in the middle of its backfill
        Held dead = scene.held();
        scene.write(dead.saveProgress(1, OURS));
        scene.time().advance(Scene.LENGTH);

        // when
        Claimed successor = scene.claimOne();

        // then
        assertThat(successor.progress()).isEqualTo(Optional.of(OURS));
    }

    private static void assertFails(Consumer<SceneOf> scenario, SceneOf naive, String at) {
        assertThatThrownBy(() -> scenario.accept(naive))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(at);
    }

    private static SceneOf naive(boolean reclaiming) {
        InMemoryJobStore clock = InMemoryJobStore.create();
        NaiveJobStore store =
                reclaiming ? NaiveJobStore.reclaiming(clock.time()) : NaiveJobStore.withoutReclaiming(clock.time());
        return SceneOf.of(store, clock.queues(), clock.leases(), clock.time());
    }
}
