package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** F1, F4, F6, and what J5 and J12 say of families: how children come to be. */
interface FanOutRules extends FamilyScene {
    @Test
    default void F1_the_parent_waits_at_its_stage_without_a_lease() {
        // given: at its second stage, with progress
        Held held = held();
        done(held.checkpoint());
        Held parent = held.at(1);
        done(parent.saveProgress(7));
        time().advance(Duration.ofSeconds(1));

        // when
        done(fanOut(parent, FanIn.ALL, "a", "b", "c"));

        // then
        assertWaits(parent);
        assertCounts(parent, 3, 3, 0, 0);
        JobSnapshot job = job(parent);
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(job.attempt()).isZero();
        assertThat(job.progress()).isEmpty();
        assertThat(job.since()).isEqualTo(time().now());
        assertThat(reason(parent.renew())).isEqualTo(Reason.RELEASED);
        assertThat(claimedIds(10)).doesNotContain(parent.id());
    }

    @Test
    default void F1_children_are_jobs_of_their_own() {
        // given
        enqueue(draft().triggeredBy(ANN).priority(3));
        Held parent = claim();
        time().advance(Duration.ofSeconds(1));

        // when
        done(fanOut(parent, FanIn.ALL, "a", "b"));

        // then
        JobSnapshot child = job(child(parent, "b"));
        assertThat(child.parent()).contains(parent.id());
        assertThat(child.childKey()).contains("b");
        assertThat(child.children()).isEmpty();
        assertThat(child.status()).isEqualTo(JobStatus.PENDING);
        assertThat(child.pipeline()).isEqualTo(SHORT);
        assertThat(child.stages()).isEqualTo(SHORT_STAGES);
        assertThat(child.payload()).isEqualTo(Json.of("{\"of\": \"b\"}"));
        assertThat(child.triggeredBy()).isEqualTo(ANN);
        assertThat(child.priority()).isEqualTo(3);
        assertThat(child.key()).isEmpty();
        assertThat(child.enqueuedAt()).isEqualTo(time().now());
        assertThat(job(parent).parent()).isEmpty();
        assertThat(job(parent).childKey()).isEmpty();
        assertThat(claimedIds(10)).containsExactly(child(parent, "a"), child(parent, "b"));
    }

    @Test
    default void F1_a_repeat_adds_no_children_whatever_became_of_the_first() {
        // given
        Held parent = held();
        JobWrite write = fanOut(parent, FanIn.ALL, "a", "b");
        done(write);
        repeated(write);

        // when: one has ended, then both, then another holds the parent
        List<Held> children = claimChildren(2);
        endsAlone(children.get(0).checkpoint());
        Whole before = whole(children.get(0).id());
        repeated(write);
        endsAndWakes(children.get(1).checkpoint());
        repeated(write);
        woken(parent);
        repeated(write);

        // then
        assertThat(whole(children.get(0).id())).isEqualTo(before);
        assertThat(children(parent)).extracting(ChildRow::status).containsOnly(JobStatus.COMPLETED);
        assertCounts(parent, 2, 0, 0, 0);
        assertNothingClaimable();
    }

    @Test
    default void F1_a_stage_fans_out_once() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        endsAndWakes(claim().checkpoint());
        Held next = woken(parent);

        // then
        assertThat(reason(fanOut(next, FanIn.ALL, "b"))).isEqualTo(Reason.CONFLICT);
        assertThat(jobs().countChildren(next.id(), next.token())).isEqualTo(new Children.Counts(0, 0, 0, 0));
        done(next.checkpoint());
    }

    @Test
    default void F1_a_refused_fan_out_starts_nobody() {
        // given
        Held zombie = held();
        Held holder = takenOver(zombie);

        // then
        assertThat(reason(fanOut(zombie, FanIn.ALL, "a"))).isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(fanOut(holder.at(1), FanIn.ALL, "a"))).isEqualTo(Reason.NOT_AT_STAGE);
        assertThat(children(zombie)).isEmpty();
        assertThat(children(holder)).isEmpty();
        done(holder.checkpoint());
        end(holder.id());
        assertNothingClaimable();
    }

    @Test
    default void F1_a_busy_fan_out_starts_nobody() {
        // given
        Held parent = held();
        JobWrite write = fanOut(parent, FanIn.ALL, "a");

        // when
        try (OpenTransaction other = transaction()) {
            other.hold(parent.id());
            assertThat(write(write)).isInstanceOf(Answer.Busy.class);
        }

        // then
        assertNothingClaimable();
        done(write);
        assertThat(children(parent)).hasSize(1);
    }

    @Test
    default void F1_children_are_read_in_pages_in_the_order_of_their_keys_by_code_point() {
        // given: the last two are the other way round by Java's own order
        Held parent = parent(FanIn.ALL, "\uD83D\uDE00", "b", "\uFF66", "a b", "a");

        // when
        List<ChildRow> first = jobs().children(parent.id(), parent.token(), Optional.empty(), 2);
        List<ChildRow> second = jobs().children(parent.id(), parent.token(), Optional.of("a b"), 2);
        List<ChildRow> third = jobs().children(parent.id(), parent.token(), Optional.of("\uFF66"), 2);

        // then
        assertThat(first).extracting(ChildRow::key).containsExactly("a", "a b");
        assertThat(second).extracting(ChildRow::key).containsExactly("b", "\uFF66");
        assertThat(third).extracting(ChildRow::key).containsExactly("\uD83D\uDE00");
    }

    @Test
    default void F1_a_later_stage_fans_out_anew() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        endsAndWakes(claim().checkpoint());
        Held next = woken(parent);
        done(next.checkpoint());
        assertThat(job(parent).children()).isEmpty();

        // when: the same holder, at the next stage, with the same key
        Held again = next.at(1);
        done(fanOut(again, FanIn.ALL, "a", "b"));

        // then: each fan-out has its own
        assertCounts(again, 2, 2, 0, 0);
        assertThat(children(parent)).extracting(ChildRow::status).containsExactly(JobStatus.COMPLETED);
        assertThat(children(again)).extracting(ChildRow::status).containsOnly(JobStatus.PENDING);
    }

    @Test
    default void F4_without_children_the_parent_goes_on_at_once() {
        // given
        Held parent = held();
        Optional<Instant> place = job(parent).dueAt();
        time().advance(Duration.ofSeconds(1));
        JobId younger = enqueued();

        // when
        done(fanOut(parent, FanIn.ALL));

        // then
        assertThat(job(parent).status()).isEqualTo(JobStatus.WAITING);
        assertThat(job(parent).dueAt()).isEqualTo(place);
        assertCounts(parent, 0, 0, 0, 0);
        List<Held> claimed = claim(10);
        assertThat(claimed).extracting(Held::id).containsExactly(parent.id(), younger);
        done(claimed.get(0).checkpoint());
        assertThat(job(parent).stagesDone()).isEqualTo(1);
    }

    @Test
    default void F6_children_fan_out_and_each_level_is_counted_by_itself() {
        // given
        Held root = deepParent(FanIn.ALL, "a");
        Held child = claim();
        done(fanOut(child, FanIn.ALL, "x", "y"));
        List<Held> grandchildren = claimChildren(2);

        // when
        endsAlone(grandchildren.get(0).checkpoint());
        endsAndWakes(grandchildren.get(1).checkpoint());

        // then: the child is awake, and the root is not
        assertWaits(root);
        assertCounts(root, 1, 1, 0, 0);
        Held joining = woken(child);
        done(joining.checkpoint());
        done(joining.at(1).checkpoint());
        endsAndWakes(joining.at(2).checkpoint());
        assertCounts(root, 1, 0, 0, 0);
        assertThat(job(child).parent()).contains(root.id());
        done(woken(root).checkpoint());
    }

    @Test
    default void J5_a_job_that_waits_for_its_children_has_open_ones() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);

        // then: until there are none
        for (Held child : children) {
            assertWaits(parent);
            assertThat(job(parent).children().orElseThrow().open()).isPositive();
            ended(child.checkpoint());
        }
        assertThat(job(parent).dueAt()).isPresent();
    }

    @Test
    default void J12_children_and_woken_parents_keep_the_place_of_their_root() {
        // given: a job that has come since
        JobId root = enqueued();
        Held parent = claim();
        time().advance(Duration.ofSeconds(1));
        JobId younger = enqueued();
        time().advance(Duration.ofSeconds(1));

        // when
        done(fanOutDeep(parent, FanIn.ALL, "a"));
        Held child = claim(1).get(0);
        done(fanOut(child, FanIn.ALL, "x"));
        Held grandchild = claim(1).get(0);

        // then
        assertThat(grandchild.id()).isEqualTo(child(child, "x"));
        endsAndWakes(grandchild.checkpoint());
        Held joining = claim(1).get(0);
        assertThat(joining.id()).isEqualTo(child.id());
        endsAndWakes(joining.failForGood());
        assertThat(claimedIds(10)).containsExactly(root, younger);
    }

    @Test
    default void J12_a_family_keeps_it_also_when_its_root_had_to_wait() {
        // given: a root that was tried again later
        JobId root = enqueued();
        done(claim().fail(Duration.ofSeconds(5)));
        JobId younger = enqueued();
        time().advance(Duration.ofSeconds(5));
        Held parent = claim(10).stream()
                .filter(held -> held.id().equals(root))
                .findFirst()
                .orElseThrow();
        done(cancel(younger));
        JobId youngest = enqueued();

        // when
        done(fanOut(parent, FanIn.ALL, "a"));

        // then
        assertThat(job(child(parent, "a")).dueAt()).contains(job(root).enqueuedAt());
        assertThat(claimedIds(10)).containsExactly(child(parent, "a"), youngest);
    }
}
