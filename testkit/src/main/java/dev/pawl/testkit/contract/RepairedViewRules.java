package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Invariant;
import dev.pawl.job.FanIn;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobEvent.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** V6: what the read side tells of repairs. */
interface RepairedViewRules extends ViewScene, AuditScene {
    @Test
    default void V6_a_timeline_tells_of_repairs_and_of_none_of_a_former_job_with_this_id() {
        // given: repaired a moment after it was begun, and once more
        Held parent = parent(FanIn.ALL, "a", "b");
        Plan first = repairedAMomentLater(parent, 5);
        repairedAMomentLater(parent, 7);

        // when
        JobEvent event = timeline(parent.id()).events().get(2);

        // then
        assertThat(kinds(parent.id())).containsExactly(Kind.ENQUEUED, Kind.FANNED_OUT, Kind.REPAIRED, Kind.REPAIRED);
        assertThat(event.by()).contains(ANN);
        assertThat(event.at()).isEqualTo(time().now().minusSeconds(1));
        assertThat(event.detail()).isEqualTo("children-miscounted: " + first.before() + " -> " + first.after());
        assertThat(viewStore().past(parent.id(), 1).orElseThrow().timeline())
                .as("of the last one only")
                .satisfies(timeline -> assertThat(timeline.complete()).isFalse())
                .satisfies(timeline -> assertThat(timeline.events())
                        .filteredOn(told -> told.kind() == Kind.REPAIRED)
                        .extracting(JobEvent::at)
                        .containsExactly(time().now()));

        // and: it is gone, and another is made with its id
        damaged(parent.id(), Damage.LOST_ROW);
        time().advance(LENGTH);
        enqueue(draft().id(parent.id()));
        assertThat(kinds(parent.id())).contains(Kind.ENQUEUED).doesNotContain(Kind.REPAIRED);
        damaged(parent.id(), Damage.LOST_ROW);
    }

    private Plan repairedAMomentLater(Held parent, int open) {
        assumeTrue(miscount(parent.id(), open), "counters can't be made wrong");
        time().advance(Duration.ofSeconds(1));
        Plan plan = plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent.id()));
        repaired(plan);
        return plan;
    }
}
