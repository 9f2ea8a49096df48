package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Position;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore;
import dev.pawl.view.ChildListing;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobProgress.Child;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** V3: pages of jobs, and of children. */
interface ListingRules extends ViewScene {
    @Test
    default void V3_pages_lose_and_repeat_no_row_of_the_same_microsecond() {
        // given: all at once, under ids of Pawl's and of the user's own
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(enqueued());
        }
        ids.add(enqueue(draft().uuid("f0000000-0000-4000-8000-000000000001")).id());
        ids.add(enqueue(draft().uuid("00000000-0000-4000-8000-000000000001")).id());

        // then
        List<JobId> newestFirst = new ArrayList<>(ids);
        newestFirst.sort((one, other) -> Position.UUIDS.compare(other.uuid(), one.uuid()));
        for (int limit = 1; limit <= 7; limit++) {
            assertThat(listed(here(), limit, FAR)).as("pages of %s", limit).isEqualTo(newestFirst);
        }
    }

    @Test
    default void V3_pages_go_on_where_a_row_came_or_went() {
        // given
        List<JobId> ids = enqueued(6);
        Search first = new Search(here(), Optional.empty(), 3, FAR);
        Position next = viewStore().search(first).next().orElseThrow();

        // when: a newer one comes, and the one at the position moves
        enqueued();
        claim(10);

        // then
        assertThat(viewStore()
                        .search(new Search(here(), Optional.of(next), 10, FAR))
                        .rows())
                .extracting(job -> job.id())
                .containsExactly(ids.get(2), ids.get(1), ids.get(0));
    }

    @Test
    default void V3_a_page_looks_at_so_many_rows_and_says_where_to_go_on() {
        // given: the only one that is looked for is the oldest
        JobId ofAnn = enqueue(draft().triggeredBy(Actor.user("x-" + queue()))).id();
        enqueued(9);

        // when
        JobFilter rare = here().triggeredByAnyUser();
        ViewStore.Found page = viewStore().search(new Search(rare, Optional.empty(), 2, 4));

        // then
        assertThat(page.rows()).isEmpty();
        assertThat(page.next()).isPresent();
        assertThat(listed(rare, 2, 4)).containsExactly(ofAnn);
    }

    @Test
    default void V3_pages_by_ends_lose_and_repeat_no_row() {
        // given: five ends at the same microsecond, one before, one after
        Instant begin = time().now();
        List<JobId> ids = enqueued(7);
        end(ids.get(6));
        time().advance(Duration.ofSeconds(1));
        ids.subList(1, 6).forEach(this::end);
        time().advance(Duration.ofSeconds(1));
        end(ids.get(0));
        time().advance(Duration.ofSeconds(1));
        List<JobId> lastFirst = new ArrayList<>(List.of(ids.get(0)));
        List<JobId> atOnce = new ArrayList<>(ids.subList(1, 6));
        Collections.reverse(atOnce);
        lastFirst.addAll(atOnce);
        lastFirst.add(ids.get(6));

        // then: the end of the span is not within it
        JobFilter ended = here().endedBetween(begin, time().now());
        for (int limit = 1; limit <= 8; limit++) {
            assertThat(listed(ended, limit, FAR)).as("pages of %s", limit).isEqualTo(lastFirst);
        }
        Instant last = job(ids.get(0)).endedAt().orElseThrow();
        assertThat(listed(here().endedBetween(begin, last), 3, FAR)).isEqualTo(lastFirst.subList(1, 7));
        assertThat(listed(here().endedBetween(last, last.plusSeconds(1)), 3, FAR))
                .containsExactly(ids.get(0));
    }

    @Test
    default void V3_pages_over_several_queues_lose_and_repeat_no_row() {
        // given: in three queues, two of them under one and the same id
        Actor me = Actor.user("u-" + queue());
        List<JobId> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            all.add(enqueue(draft().queue(queue() + "." + i % 3).triggeredBy(me))
                    .id());
        }
        JobId twin = new JobId(queue() + ".1", all.get(8).uuid());
        all.add(enqueue(draft().id(twin).triggeredBy(me)).id());
        for (int i = 0; i < 5; i++) { // of nobody's
            enqueue(draft().queue(queue() + ".1"));
        }

        // then
        JobFilter mine = JobFilter.all().triggeredBy(me);
        List<JobId> newestFirst = new ArrayList<>(all);
        newestFirst.sort((one, other) ->
                Position.ORDER.compare(new Position(Optional.empty(), one), new Position(Optional.empty(), other)));
        for (int limit = 1; limit <= 4; limit++) {
            assertThat(listed(mine, limit, 4)).as("pages of %s", limit).isEqualTo(newestFirst);
        }
        assertThat(listed(mine.rootsOnly(), 2, 2)).isEqualTo(newestFirst);
    }

    @Test
    default void V3_a_filter_lets_pass_what_it_names_and_nothing_else() {
        // given
        Instant begin = time().now();
        Held held = held();
        done(held.failForGood());
        JobId failed = held.id();
        JobId cancelled = enqueue(draft().triggeredBy(ANN)).id();
        done(cancel(cancelled));
        time().advance(Duration.ofSeconds(1));
        Instant later = time().now();
        Held parent = parent(FanIn.ALL, "a");
        JobId child = child(parent, "a");
        JobId digest = enqueue(shortDraft().triggeredBy(Actor.user("bob"))).id();

        // then
        assertListed(here().status(JobStatus.FAILED), failed);
        assertListed(here().status(JobStatus.FAILED, JobStatus.CANCELLED), cancelled, failed);
        assertListed(here().status(JobStatus.CANCELLED, JobStatus.WAITING), parent.id(), cancelled);
        assertListed(here().pipeline(SHORT), digest, child);
        assertListed(here().pipeline(SHORT).rootsOnly(), digest);
        assertListed(here().triggeredBy(ANN), cancelled);
        assertListed(here().triggeredBy(ANN).status(JobStatus.CANCELLED), cancelled);
        assertListed(here().triggeredBy(ANN).status(JobStatus.FAILED));
        assertListed(here().triggeredByAnyUser(), digest, cancelled);
        assertListed(here().triggeredBy(Actor.SYSTEM), child, parent.id(), failed);
        assertListed(here().enqueuedBetween(begin, later), cancelled, failed);
        assertListed(here().enqueuedBetween(later, later.plusSeconds(1)), digest, child, parent.id());
        assertListed(here().endedBetween(begin, later).status(JobStatus.FAILED), failed);
        assertListed(here().endedBetween(begin, later).triggeredBy(ANN), cancelled);
        assertListed(JobFilter.all().queue("no-" + queue()));
    }

    default void assertListed(JobFilter filter, JobId... expected) {
        List<JobId> inOrder = new ArrayList<>(List.of(expected));
        inOrder.sort((one, other) -> Position.UUIDS.compare(other.uuid(), one.uuid()));
        assertThat(listed(filter, 2, 3)).as("%s", filter).isEqualTo(inOrder);
    }

    @Test
    default void V3_a_retried_job_is_no_longer_among_those_that_ended() {
        // given
        Held held = held();
        done(held.failForGood());
        Instant begin = time().now();
        JobFilter ended = here().endedBetween(begin, begin.plusSeconds(60));
        assertThat(listed(ended, 2, FAR)).containsExactly(held.id());

        // when
        done(retry(held.id()));

        // then
        assertThat(listed(ended, 2, FAR)).isEmpty();
        assertListed(here().status(JobStatus.FAILED));
    }

    @Test
    default void V3_children_come_in_the_order_of_their_keys_by_status_and_in_pages() {
        // given
        Held parent = parent(FanIn.tolerating(9), "d", "a", "c", "b", "e");
        claimChildren(5).stream().limit(2).forEach(child -> done(child.failForGood())); // d and a

        // then
        for (int limit = 1; limit <= 6; limit++) {
            assertThat(keys(parent, Set.of(), limit, FAR)).containsExactly("a", "b", "c", "d", "e");
            assertThat(keys(parent, Set.of(JobStatus.FAILED), limit, 2)).containsExactly("a", "d");
        }
        assertThat(keys(parent, Set.of(JobStatus.COMPLETED), 3, FAR)).isEmpty();
    }

    default List<String> keys(Held parent, Set<JobStatus> anyOf, int limit, int examine) {
        List<String> all = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            ChildListing page = viewStore().children(parent.id(), parent.token(), anyOf, next, limit, examine);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
            page.rows().stream().map(Child::key).forEach(all::add);
            next = page.next();
            assertThat(all).as("keys of children").hasSizeLessThan(FAR);
        } while (next.isPresent());
        return all;
    }
}
