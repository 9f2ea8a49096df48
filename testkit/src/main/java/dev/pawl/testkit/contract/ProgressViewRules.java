package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobEvent.Kind;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.JobProgress.StageState;
import dev.pawl.view.JobSummary;
import dev.pawl.view.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** V1, V2, V5, V6: where one job is, and where it has been. */
interface ProgressViewRules extends ViewScene {
    @Test
    default void V1_a_view_changes_nothing() {
        // given: a family, some of it ended
        Held parent = parent(FanIn.ALL, "a", "b");
        done(claimChildren(2).get(0).failForGood());
        Whole before = whole(parent.id());
        List<Whole> children =
                children(parent).stream().map(child -> whole(child.id())).toList();

        // when
        progress(parent.id());
        timeline(parent.id());
        listed(here(), 1, 1);
        viewStore().active(Optional.of(queue()), 10, FAR);
        viewStore().children(parent.id(), parent.token(), Set.of(), Optional.empty(), 1, 1);
        overview(1);

        // then
        assertThat(whole(parent.id())).isEqualTo(before);
        assertThat(children(parent).stream().map(child -> whole(child.id()))).isEqualTo(children);
    }

    @Test
    default void V1_a_view_waits_for_no_lock() {
        // given
        Held held = held();
        try (OpenTransaction transaction = transaction()) {
            transaction.hold(held.id());

            // when
            JobProgress seen = progress(held.id());

            // then
            assertThat(seen.job().stagesDone()).isZero();
            assertThat(overview(10).running().value()).isEqualTo(1);
            assertThat(listed(here(), 10, FAR)).containsExactly(held.id());
        }
    }

    @Test
    default void V2_every_answer_bears_the_stores_time() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        time().advance(Duration.ofMinutes(7));
        Instant now = time().now();

        // then
        assertThat(progress(parent.id()).asOf()).isEqualTo(now);
        assertThat(timeline(parent.id()).asOf()).isEqualTo(now);
        assertThat(viewStore()
                        .search(new Search(here(), Optional.empty(), 1, 1))
                        .asOf())
                .isEqualTo(now);
        assertThat(viewStore().active(Optional.of(queue()), 1, 1).asOf()).isEqualTo(now);
        assertThat(viewStore()
                        .children(parent.id(), parent.token(), Set.of(), Optional.empty(), 1, 1)
                        .asOf())
                .isEqualTo(now);
        assertThat(overview(1).asOf()).isEqualTo(now);
    }

    @Test
    default void V5_progress_tells_each_stage_when_it_began_and_how_long_it_took() {
        // given: a minute until it is claimed, two in the first stage, three so far in the second
        JobId id = enqueue(draft().key("monday").triggeredBy(ANN)).id();
        Instant enqueued = time().now();
        time().advance(Duration.ofMinutes(1));
        Held held = claim();
        Instant claimed = time().now();
        time().advance(Duration.ofMinutes(2));
        done(held.checkpoint());
        time().advance(Duration.ofMinutes(3));

        // when
        JobProgress progress = progress(id);

        // then
        JobSummary job = progress.job();
        assertThat(job.key()).contains("monday");
        assertThat(job.triggeredBy()).isEqualTo(ANN);
        assertThat(job.pipeline()).isEqualTo(PIPELINE);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.stage()).contains(STAGES.get(1));
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(job.enqueuedAt()).isEqualTo(enqueued);
        assertThat(job.startedAt()).contains(claimed);
        assertThat(job.lease().orElseThrow().token()).isEqualTo(held.token());
        assertThat(job.lease().orElseThrow().holder()).isEqualTo(held.fence().holder());
        assertThat(job.lease().orElseThrow().since()).isEqualTo(claimed);
        assertThat(progress.stages()).extracting(StageProgress::name).isEqualTo(STAGES);
        assertThat(progress.stages())
                .extracting(StageProgress::state)
                .containsExactly(StageState.DONE, StageState.CURRENT, StageState.TO_DO);
        assertThat(progress.stages())
                .extracting(StageProgress::startedAt)
                .containsExactly(
                        Optional.of(claimed), Optional.of(claimed.plus(Duration.ofMinutes(2))), Optional.empty());
        assertThat(progress.stages())
                .extracting(StageProgress::took)
                .containsExactly(Optional.of(Duration.ofMinutes(2)), Optional.empty(), Optional.empty());
    }

    @Test
    default void V5_progress_counts_the_tries_of_each_stage() {
        // given: failed once and taken over once at the first stage, released at the second
        Held first = held();
        done(first.fail(Duration.ZERO));
        Held second = claim();
        Held third = takenOver(second);
        done(third.checkpoint());
        done(third.at(1).release());

        // then
        assertThat(progress(first.id()).stages())
                .extracting(StageProgress::attempts)
                .containsExactly(3, 0, 0);

        // and: held again
        claim();
        assertThat(progress(first.id()).stages())
                .extracting(StageProgress::attempts)
                .containsExactly(3, 1, 0);
    }

    @Test
    default void V5_progress_of_a_job_that_has_ended_tells_how_long_its_last_stage_took() {
        // given
        Held completed = heldAtLastStage();
        time().advance(Duration.ofMinutes(1));
        done(completed.checkpoint());
        Held failed = held();
        time().advance(Duration.ofMinutes(2));
        done(failed.failForGood());

        // then
        assertThat(stage(completed.id(), 2).state()).isEqualTo(StageState.DONE);
        assertThat(stage(completed.id(), 2).took()).contains(Duration.ofMinutes(1));
        assertThat(stage(failed.id(), 0).state()).isEqualTo(StageState.CURRENT);
        assertThat(stage(failed.id(), 0).took()).contains(Duration.ofMinutes(2));
        assertThat(stage(failed.id(), 0).attempts()).isEqualTo(1);
        assertThat(stage(failed.id(), 1).state()).isEqualTo(StageState.TO_DO);
    }

    @Test
    default void V5_progress_tells_the_children_of_each_stage_by_key() {
        // given: two stages that fan out, the first of which is done
        Held parent = parent(FanIn.ALL, "b", "a");
        claimChildren(2).forEach(child -> done(child.checkpoint()));
        Held woken = claim();
        done(woken.checkpoint());
        done(fanOut(woken.at(1), FanIn.tolerating(1), "x", "y", "z"));
        Held x = claimChildren(3).get(0);
        done(x.failForGood());

        // when
        JobProgress progress = progress(parent.id());

        // then
        JobProgress.StageChildren first = progress.stages().get(0).children().orElseThrow();
        assertThat(first.counts()).isEqualTo(new Children.Counts(2, 0, 0, 0));
        assertThat(first.exact()).isTrue();
        assertThat(first.first()).extracting(JobProgress.Child::key).containsExactly("a", "b");
        assertThat(first.first()).extracting(child -> child.job().status()).containsOnly(JobStatus.COMPLETED);
        JobProgress.StageChildren second = progress.stages().get(1).children().orElseThrow();
        assertThat(second.counts()).isEqualTo(new Children.Counts(3, 2, 1, 0));
        assertThat(second.first()).extracting(JobProgress.Child::key).containsExactly("x", "y", "z");
        assertThat(second.first().get(0).job().parent()).contains(parent.id());
        assertThat(progress.stages().get(2).children()).isEmpty();
    }

    @Test
    default void V5_progress_of_many_comes_in_the_order_of_the_question_without_those_that_are_not_there() {
        // given
        List<JobId> ids = enqueued(3);
        JobId none = draft().id();

        // when
        List<Viewed> seen = viewStore().jobs(List.of(ids.get(2), none, ids.get(0)), 1);

        // then
        assertThat(seen).extracting(viewed -> viewed.job().id()).containsExactly(ids.get(2), ids.get(0));
        assertThat(viewStore().past(none, 1)).isEmpty();
    }

    @Test
    default void V5_active_jobs_are_those_that_run_and_then_those_that_wait() {
        // given
        Held waiting = held();
        done(waiting.fail(Duration.ofHours(1)));
        Held done = heldAtLastStage();
        done(done.checkpoint());
        time().advance(Duration.ofSeconds(1));
        Held parent = parent(FanIn.ALL, "a");
        time().advance(Duration.ofSeconds(1));
        Held child = claimChildren(1).get(0);
        enqueue(draft().after(Duration.ofHours(1)));

        // when
        ViewStore.Active active = viewStore().active(Optional.of(queue()), 10, FAR);

        // then
        assertThat(active.ids()).containsExactly(child.id(), waiting.id(), parent.id());
        assertThat(active.complete()).isTrue();
        assertThat(viewStore().active(Optional.of(queue()), 2, FAR).complete()).isFalse();
    }

    @Test
    default void V6_a_timeline_tells_what_happened_in_its_order() {
        // given
        JobId id = enqueue(draft().triggeredBy(ANN)).id();
        tick();
        Held first = claim();
        tick();
        done(first.fail(Duration.ZERO));
        tick();
        Held lost = claim();
        Held second = takenOver(lost);
        jobs().report(List.of(RefusedWrite.of((JobWrite.Fenced) lost.checkpoint(), refused(lost.checkpoint()))));
        tick();
        done(second.checkpoint());
        tick();
        done(cancel(id));
        tick();
        done(retry(id));
        tick();
        Held third = claim();
        tick();
        done(third.failForGood());

        // when
        List<JobEvent> events = timeline(id).events();

        // then
        assertThat(events)
                .extracting(JobEvent::kind)
                .containsExactly(
                        Kind.ENQUEUED,
                        Kind.FAILED_ATTEMPT,
                        Kind.TAKEN_OVER,
                        Kind.REFUSED,
                        Kind.CHECKPOINTED,
                        Kind.CANCELLED,
                        Kind.RETRIED,
                        Kind.FAILED_ATTEMPT,
                        Kind.ENDED);
        assertThat(events.get(0).by()).contains(ANN);
        assertThat(events.get(2).token()).contains(lost.token());
        assertThat(events.get(2).holder()).contains(lost.fence().holder());
        assertThat(events.get(2).detail())
                .contains(second.fence().holder(), second.token().toString());
        assertThat(events.get(2).stage()).contains(STAGES.get(0));
        assertThat(events.get(4).token()).contains(second.token());
        assertThat(events.get(4).holder()).contains(second.fence().holder());
        assertThat(events.get(5).by()).contains(ANN);
        assertThat(events.get(6).by()).contains(ANN);
        assertThat(events.get(8).at()).isEqualTo(time().now());
        assertThat(events.get(8).detail()).isEqualTo("FAILED");
        assertThat(events).extracting(JobEvent::at).isSorted();
    }

    default void tick() {
        time().advance(Duration.ofSeconds(1));
    }

    @Test
    default void V5_a_write_that_was_refused_is_no_try() {
        // given: taken over at its first stage, and the former holder tried to write
        Held lost = held();
        Held second = takenOver(lost);
        jobs().report(List.of(RefusedWrite.of((JobWrite.Fenced) lost.checkpoint(), refused(lost.checkpoint()))));

        // then
        assertThat(kinds(lost.id())).contains(Kind.REFUSED);
        assertThat(stage(lost.id(), 0).attempts()).isEqualTo(2);
        done(second.checkpoint());
        assertThat(stage(lost.id(), 0).attempts()).isEqualTo(2);
    }

    @Test
    default void V6_a_timeline_tells_of_fan_outs_and_of_the_end() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        tick();
        claimChildren(2).forEach(child -> done(child.checkpoint()));
        tick();
        Held woken = claim();
        done(woken.checkpoint());
        tick();
        done(woken.at(1).checkpoint());
        tick();
        done(woken.at(2).checkpoint());

        // when
        List<JobEvent> events = timeline(parent.id()).events();

        // then
        assertThat(events)
                .extracting(JobEvent::kind)
                .containsExactly(Kind.ENQUEUED, Kind.FANNED_OUT, Kind.CHECKPOINTED, Kind.CHECKPOINTED, Kind.ENDED);
        assertThat(events.get(1).token()).contains(parent.token());
        assertThat(events.get(1).stage()).contains(STAGES.get(0));
        assertThat(events.get(1).detail()).isEqualTo("2 children");
        assertThat(events.get(4).holder()).contains(woken.fence().holder());
        assertThat(events.get(4).detail()).isEqualTo("COMPLETED");
    }

    @Test
    default void V6_of_too_many_failures_the_last_are_told() {
        // given
        JobId id = enqueue(draft().triggeredBy(Actor.SYSTEM)).id();
        for (int i = 0; i < 3; i++) {
            done(claim().fail(Duration.ZERO));
            tick();
        }

        // when
        Timeline cut = viewStore().past(id, 2).orElseThrow().timeline();
        Timeline whole = viewStore().past(id, 3).orElseThrow().timeline();

        // then
        assertThat(cut.complete()).isFalse();
        assertThat(whole.events()).hasSize(4);
        assertThat(cut.events())
                .containsExactly(
                        whole.events().get(0),
                        whole.events().get(2),
                        whole.events().get(3));
        assertThat(whole.complete()).isTrue();
    }
}
