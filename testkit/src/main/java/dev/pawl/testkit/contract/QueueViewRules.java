package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import dev.pawl.view.Counted;
import dev.pawl.view.QueueOverview;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** V4: what is in the queues. */
interface QueueViewRules extends ViewScene {
    @Test
    default void V4_counts_are_exact_up_to_their_cap_and_say_when_they_are_not() {
        // given
        enqueued(3);
        enqueue(draft().priority(5).after(Duration.ofHours(1)));

        // then
        assertThat(overview(2).due()).isEqualTo(new Counted(2, false));
        assertThat(overview(3).due()).isEqualTo(new Counted(3, true));
        assertThat(overview(4).due()).isEqualTo(new Counted(3, true));
        assertThat(overview(1).scheduled()).isEqualTo(new Counted(1, true));
    }

    @Test
    default void V4_a_queue_tells_what_is_due_what_runs_and_what_waits() {
        // given: at the same time
        enqueued();
        time().advance(Duration.ofSeconds(5));
        done(claim().release());
        done(claim().fail(Duration.ofHours(1))); // the first, in an hour
        Held parent = held(); // the second
        done(fanOut(parent, FanIn.ALL, "a", "b"));
        claim(1); // a
        enqueue(draft().priority(-3)); // not hidden by what is ahead of it
        enqueue(draft().after(Duration.ofHours(2)));

        // when
        QueueOverview overview = overview(100);

        // then: b and the one of a low priority; a; the first, and the parent; the one of later
        assertThat(overview.due()).isEqualTo(new Counted(2, true));
        assertThat(overview.running()).isEqualTo(new Counted(1, true));
        assertThat(overview.waiting()).isEqualTo(new Counted(2, true));
        assertThat(overview.scheduled()).isEqualTo(new Counted(1, true));
        assertThat(overview.oldestDue()).contains(time().now());
        assertThat(overview.isPaused()).isFalse();

        // and: a lease that has run out is due, and its holder may still write
        time().advance(Held.LENGTH);
        assertThat(overview(100).due()).isEqualTo(new Counted(3, true));
        assertThat(overview(100).running()).isEqualTo(new Counted(1, true));
    }

    @Test
    default void V4_what_has_ended_is_not_counted() {
        // given
        end(enqueued());

        // then
        QueueOverview overview = overview(10);
        assertThat(overview.due()).isEqualTo(new Counted(0, true));
        assertThat(overview.running()).isEqualTo(new Counted(0, true));
        assertThat(overview.waiting()).isEqualTo(new Counted(0, true));
        assertThat(overview.oldestDue()).isEmpty();
    }

    @Test
    default void V4_a_paused_queue_says_since_when_and_by_whom() {
        // given: without a job
        Instant since = time().now();
        queues().pause(queue(), ANN);
        time().advance(Duration.ofHours(1));

        // then
        assertThat(overview(1).pausedAt()).contains(since);
        assertThat(overview(1).pausedBy()).contains(ANN);

        // and
        queues().resume(queue(), ANN);
        assertThat(overview(1).isPaused()).isFalse();
        assertThat(overview(1).pausedBy()).isEmpty();
    }
}
