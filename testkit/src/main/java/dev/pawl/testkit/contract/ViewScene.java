package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.job.JobId;
import dev.pawl.store.Position;
import dev.pawl.store.RollUp;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.JobSummary;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tests of the read side say with. */
interface ViewScene extends FamilyScene {
    int FAR = 1_000;

    Optional<ViewStore> views();

    default ViewStore viewStore() {
        Optional<ViewStore> store = views();
        assumeTrue(store.isPresent(), "the store under test has no read side");
        return store.get();
    }

    default JobProgress progress(JobId id) {
        return viewStore().jobs(List.of(id), 10).get(0).progress();
    }

    default StageProgress stage(JobId id, int position) {
        return progress(id).stages().get(position);
    }

    default Timeline timeline(JobId id) {
        return viewStore().past(id, 100).orElseThrow().timeline();
    }

    default List<JobEvent.Kind> kinds(JobId id) {
        return timeline(id).events().stream().map(JobEvent::kind).toList();
    }

    /** Of this test's queue. */
    default JobFilter here() {
        return JobFilter.all().queue(queue());
    }

    /** All pages, one after the other. */
    default List<JobId> listed(JobFilter filter, int limit, int examine) {
        List<JobId> all = new ArrayList<>();
        Optional<Position> next = Optional.empty();
        int pages = 0;
        do {
            ViewStore.Found page = viewStore().search(new Search(filter, next, limit, examine));
            assertThat(page.rows()).as("rows of a page").hasSizeLessThanOrEqualTo(limit);
            page.rows().stream().map(JobSummary::id).forEach(all::add);
            next = page.next();
            assertThat(++pages).as("pages").isLessThan(FAR);
        } while (next.isPresent());
        return all;
    }

    default QueueOverview overview(int cap) {
        return viewStore().queues(cap).stream()
                .filter(overview -> overview.queue().equals(queue()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is told of queue " + queue()));
    }

    /** Does all counting that there is to do for this test's queue. */
    default void count() {
        int steps = 0;
        while (RollUp.step(viewStore().tallies(), queue())) {
            assertThat(++steps).as("steps of counting").isLessThan(FAR);
        }
    }
}
