package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Counting;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tests of retention say with. */
interface RetentionScene extends ViewScene, AuditScene {
    Duration DAY = Duration.ofDays(1);

    /** All steps of a walk over this test's queue; how many jobs each of them removed. */
    default List<Integer> steps(JobStatus as, Duration keep, int most) {
        List<Integer> steps = new ArrayList<>();
        Removal what = new Removal(queue(), as, keep, Optional.empty(), most);
        Removed removed;
        do {
            removed = viewStore().tallies().remove(what);
            assertThat(removed.jobs()).as("jobs that one step removed").isLessThanOrEqualTo(most);
            steps.add(removed.jobs());
            assertThat(steps).as("steps").hasSizeLessThan(FAR);
            what = new Removal(queue(), as, keep, removed.next(), most);
        } while (removed.next().isPresent());
        return steps;
    }

    default int removed(JobStatus as, Duration keep) {
        return steps(as, keep, 100).stream().mapToInt(Integer::intValue).sum();
    }

    default boolean isThere(JobId id) {
        return jobs().find(id).isPresent();
    }

    /** So long after the last thing that happened, with everything counted. */
    default void after(Duration time) {
        time().advance(time);
        count();
    }

    default long endedWithin(Duration window) {
        return Counting.read(viewStore().tallies(), StatsQuery.last(window).queue(queue()))
                .total()
                .ended();
    }

    /** A job of one stage that completes now. */
    default JobId completedShort() {
        enqueue(shortDraft());
        Held held = claim();
        done(held.checkpoint());
        return held.id();
    }
}
