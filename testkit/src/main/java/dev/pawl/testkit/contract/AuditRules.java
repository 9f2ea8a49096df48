package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Repair;
import dev.pawl.audit.Violation;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.AuditStore;
import dev.pawl.store.Claimed;
import dev.pawl.store.Diagnosis;
import dev.pawl.store.RecordedRepairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A1, A2, A3, A5: what audits find, and what repairs do. */
interface AuditRules extends AuditScene {
    @Test
    default void A1_nothing_is_found_where_all_is_well() {
        // given: of each kind
        end(held().id());
        done(heldAtLastStage().checkpoint());
        done(held().failForGood());
        done(held().fail(LENGTH));
        Held parent = parent(FanIn.tolerating(1), "a", "b", "c");
        List<Held> children = claimChildren(3);
        done(children.get(0).failForGood());
        done(children.get(1).checkpoint());
        done(cancel(parent(FanIn.ALL, "e").id()));
        enqueued();

        // then
        assertClean();
        assertWaits(parent);
    }

    @Test
    default void A1_finding_changes_nothing() {
        // given
        JobId lost = heldAtLastStage().id();
        damaged(lost, Damage.LOST_CHECKPOINT);
        Held parent = miscounted();
        Whole parentBefore = whole(parent.id());
        Whole lostBefore = whole(lost);

        // when
        List<Violation> found = found();
        foundAround();
        found.forEach(violation -> planned(violation, Optional.of(true)));

        // then
        assertThat(found)
                .extracting(Violation::invariant)
                .containsExactlyInAnyOrder(Invariant.CHILDREN_MISCOUNTED, Invariant.POSITION_DISAGREES);
        assertThat(whole(parent.id())).isEqualTo(parentBefore);
        assertThat(whole(lost)).isEqualTo(lostBefore);
        assertThat(found()).isEqualTo(found);
    }

    // ---- positions ----

    @Test
    default void A1_a_position_that_disagrees_with_the_checkpoints_is_found_and_goes_back_to_them() {
        // given
        Held held = heldAtLastStage();
        damaged(held.id(), Damage.LOST_CHECKPOINT);

        // when
        repaired(plan(theOne(Invariant.POSITION_DISAGREES, held.id())));

        // then: whoever held it is out, and the next begins where the checkpoints end
        assertThat(reason(held.checkpoint())).isEqualTo(Reason.SUPERSEDED);
        Held next = claim();
        assertThat(next.stage()).isZero();
        assertThat(next.token()).isGreaterThan(held.token());
        assertThat(jobs().results(held.id(), Set.of(0, 1))).isEmpty();
        done(next.checkpoint());
    }

    @Test
    default void A5_a_completed_job_without_its_checkpoints_is_judged_by_evidence() {
        // given
        JobId kept = completedWithoutCheckpoints();
        Violation violation = theOne(Invariant.COMPLETED_WITHOUT_CHECKPOINTS, kept);
        assertThat(planned(violation, Optional.empty())).as("without evidence").isEmpty();

        // when, then: its outputs exist
        repaired(planned(violation, Optional.of(true)).orElseThrow());
        assertThat(job(kept).status()).isEqualTo(JobStatus.COMPLETED);

        // when, then: those of another don't
        JobId lost = completedWithoutCheckpoints();
        repaired(planned(theOne(Invariant.COMPLETED_WITHOUT_CHECKPOINTS, lost), Optional.of(false))
                .orElseThrow());
        assertThat(job(lost).status()).isEqualTo(JobStatus.FAILED);
        assertThat(job(lost).stagesDone()).isZero();
        assertThat(jobs().failures(lost))
                .last()
                .satisfies(failure -> assertThat(failure.message()).contains("its outputs don't exist"));
        done(retry(lost));
        assertThat(claim().id()).isEqualTo(lost);
    }

    // ---- families ----

    @Test
    default void A2_a_recount_is_by_the_childrens_rows_and_wakes_who_has_nothing_to_wait_for() {
        // given: one more than there are
        Held parent = parent(FanIn.ALL, "a", "b");
        assumeTrue(miscount(parent.id(), 3), "counters can't be made wrong");
        claimChildren(2).forEach(child -> done(child.checkpoint()));
        assertWaits(parent);

        // when
        repaired(plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent.id())));

        // then
        assertCounts(parent, 2, 0, 0, 0);
        done(woken(parent).checkpoint());
    }

    @Test
    default void A2_a_repair_does_nothing_if_the_job_has_changed_since() {
        // given
        Held parent = miscounted();
        Plan plan = plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent.id()));
        done(claim(1).get(0).checkpoint());
        Whole before = whole(parent.id());

        // when
        Result result = repair(plan);

        // then
        assertThat(result).isEqualTo(Result.HAS_CHANGED_SINCE);
        assertThat(whole(parent.id())).isEqualTo(before);
        assertThat(recorded(parent.id())).isEmpty();
    }

    @Test
    default void A3_a_repair_is_recorded_and_a_repeat_does_nothing() {
        // given
        Held parent = miscounted();
        Plan plan = plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent.id()));
        repaired(plan);
        Whole after = whole(parent.id());

        // when
        Result again = repair(plan);

        // then
        assertThat(again).isEqualTo(Result.HAS_CHANGED_SINCE);
        assertThat(whole(parent.id())).isEqualTo(after);
        assertThat(recorded(parent.id()))
                .containsExactly(
                        new Repair(time().now(), ANN, "children-miscounted", parent.id(), plan.before(), plan.after()));
    }

    @Test
    default void A3_records_come_in_pages_and_what_is_recorded_meanwhile_moves_none() {
        // given: five of one job, each later than the one before
        Held parent = parent(FanIn.ALL, "a", "b");
        for (int open = 5; open < 10; open++) {
            miscountedAndRepaired(parent.id(), open);
        }
        List<Repair> all = recorded(parent.id());
        assertThat(all).extracting(Repair::at).isSortedAccordingTo(Comparator.reverseOrder());

        // when: page by page, and another is recorded behind the first
        List<Repair> told = new ArrayList<>();
        OptionalLong next = OptionalLong.empty();
        do {
            RecordedRepairs page = audit().repairs(next, 2);
            assertThat(page.rows()).hasSizeBetween(1, 2);
            assertThat(page.asOf()).isEqualTo(time().now());
            page.rows().stream()
                    .filter(repair -> repair.job().equals(parent.id()))
                    .forEach(told::add);
            if (next.isEmpty()) {
                miscountedAndRepaired(parent.id(), 7);
            }
            next = page.next();
        } while (next.isPresent());

        // then
        assertThat(all).hasSize(5);
        assertThat(told).isEqualTo(all);
        assertThat(recorded(parent.id())).hasSize(6);
    }

    private void miscountedAndRepaired(JobId parent, int open) {
        assumeTrue(miscount(parent, open), "counters can't be made wrong");
        time().advance(Duration.ofSeconds(1));
        repaired(plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent)));
    }

    @Test
    default void A1_what_is_committed_between_two_looks_is_no_violation() throws Exception {
        // given: looks at one job each, of a family that a transaction ends a child of, begun before the first look
        for (int looks = 0; looks <= 3; looks++) {
            Held parent = parent(FanIn.ALL, "a", "b");
            Claimed ending = jobs().claim(request(queue(), 10)).get(0);
            assertClean();
            List<Violation> found = new ArrayList<>();
            try (OpenTransaction late = transaction()) {
                late.jobs().record(shortAttempt(ending), Outcome.done(Held.RESULT));

                // when
                Optional<JobId> after = justBefore(parent);
                for (int look = 0; look < looks; look++) {
                    after = looked(after, found);
                }
                late.commit();
                for (int look = looks; look < 3; look++) {
                    after = looked(after, found);
                }
                looked(justBefore(parent), found);
            }

            // then
            assertThat(found).as("committed after %s looks", looks).isEmpty();
            assertClean();
        }
    }

    private Optional<JobId> justBefore(Held job) {
        UUID id = job.id().uuid();
        return Optional.of(new JobId(queue(), new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() - 1)));
    }

    private Optional<JobId> looked(Optional<JobId> after, List<Violation> found) {
        AuditStore.Looked page = audit().look(after, 1, AuditLimits.STANDARD);
        page.suspects().stream()
                .filter(job -> job.id().queue().equals(queue()))
                .forEach(job -> found.addAll(Diagnosis.of(job, page.lastIssued(), AuditLimits.STANDARD, page.at())));
        return page.last();
    }

    @Test
    default void A2_a_repair_is_busy_while_another_has_the_row() throws Exception {
        // given
        Held parent = miscounted();
        Plan plan = plan(theOne(Invariant.CHILDREN_MISCOUNTED, parent.id()));

        // when, then
        try (OpenTransaction other = transaction()) {
            other.hold(parent.id());
            assertThatThrownBy(() -> repair(plan)).isInstanceOf(BusyException.class);
        }
        repaired(plan);
    }

    @Test
    default void A2_what_goes_back_takes_its_open_children_with_it() throws Exception {
        // given: it has split at its last stage
        Held parent = heldAtLastStage();
        done(fanOut(parent, FanIn.ALL, "a", "b"));
        List<Held> children = claimChildren(2);
        done(children.get(0).checkpoint());
        damaged(parent.id(), Damage.LOST_CHECKPOINT);
        Plan plan = plan(theOne(Invariant.POSITION_DISAGREES, parent.id()));
        assertThat(plan.after()).contains("1 open child is cancelled");

        // when
        try (OpenTransaction other = transaction()) {
            other.hold(children.get(1).id());
            assertThatThrownBy(() -> repair(plan)).isInstanceOf(BusyException.class);
        }
        repaired(plan);

        // then: it may split again
        assertThat(reason(children.get(1).checkpoint())).isEqualTo(Reason.ENDED);
        assertThat(job(children.get(0)).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job(children.get(1)).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job(parent.id()).children()).isEmpty();
        assertThat(claim().stage()).isZero();
    }

    @Test
    default void A1_children_whose_parent_is_gone_are_found_and_cancelled() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        Held open = claim(1).get(0);
        JobId ended = child(parent, "b");
        end(ended);
        damaged(parent.id(), Damage.LOST_ROW);

        // when
        repaired(plan(theOne(Invariant.CHILD_WITHOUT_PARENT, open.id())));

        // then
        assertThat(job(open).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(reason(open.checkpoint())).isEqualTo(Reason.ENDED);
    }

    @Test
    default void A1_children_that_outlive_their_parent_are_found_once_nobody_has_come_for_long() {
        // given: nobody goes on with the cancelling
        Held parent = parent(FanIn.ALL, "a", "b");
        done(cancel(parent.id()));
        assertClean();
        time().advance(AuditLimits.STANDARD.orphaned().plusSeconds(1));

        // when
        List<Violation> found = found();
        assertThat(found).extracting(Violation::invariant).containsOnly(Invariant.CHILD_OUTLIVES_PARENT);
        assertThat(found).hasSize(2);
        found.forEach(violation -> assertThat(repair(plan(violation))).isEqualTo(Result.DONE));

        // then
        assertThat(found()).isEmpty();
        assertThat(statusOf(parent, "a")).isEqualTo(JobStatus.CANCELLED);
        assertCounts(parent, 2, 0, 0, 2);
    }

    // ---- tokens, and work that nobody takes ----

    @Test
    default void A1_a_token_that_was_never_issued_is_found() {
        Held held = held();
        damaged(held.id(), Damage.TOKEN_NOT_ISSUED);

        Violation found = theOne(Invariant.TOKEN_NOT_ISSUED, held.id());

        assertThat(planned(found, Optional.of(true))).isEmpty();
        damaged(held.id(), Damage.LOST_ROW);
    }

    @Test
    default void A1_leases_that_expired_long_ago_are_found_until_somebody_takes_over() {
        Held held = held();
        time().advance(LENGTH.plus(AuditLimits.STANDARD.leaseExpired()));
        assertClean();
        time().advance(Duration.ofSeconds(1));

        Violation found = theOneAround(Invariant.LEASE_EXPIRED);

        assertThat(found.job()).contains(held.id());
        assertThat(found.found()).startsWith("1 job, ");
        assertThat(planned(found, Optional.of(true))).isEmpty();
        claim();
        assertClean();
    }

    @Test
    default void A1_jobs_that_are_due_for_long_are_found_until_somebody_claims_them() {
        JobId first = enqueued(2).get(0);
        time().advance(AuditLimits.STANDARD.due().plusSeconds(1));

        Violation found = theOneAround(Invariant.DUE_FOR_LONG);

        assertThat(found.job()).contains(first);
        assertThat(found.found()).startsWith("2 jobs, ");
        claim(2);
        assertClean();
    }

    @Test
    default void A1_a_pipeline_that_no_worker_can_know_is_found_until_its_jobs_are_gone() {
        // given: one of a pipeline that nobody described, and one of more stages than were described
        JobId none = enqueue(Draft.of(queue(), "of-nobody", List.of("only"))).id();
        JobId more = enqueue(Draft.of(queue(), PIPELINE, List.of("a", "b", "c", "d", "e")))
                .id();
        enqueued();

        // then
        assertThat(foundAround())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.PIPELINE_UNKNOWN, Invariant.PIPELINE_UNKNOWN);
        assertThat(foundAround())
                .extracting(Violation::job)
                .containsExactlyInAnyOrder(Optional.of(none), Optional.of(more));
        done(cancel(none));
        done(cancel(more));
        assertClean();
    }

    @Test
    default void A1_a_queue_that_is_paused_for_long_is_found_and_its_jobs_are_not() {
        enqueued();
        queues().pause(queue(), ANN);
        time().advance(AuditLimits.STANDARD.paused().plusSeconds(1));

        Violation found = theOneAround(Invariant.QUEUE_PAUSED);

        assertThat(found.found()).contains("paused by user ann");
        queues().resume(queue(), ANN);
        assertThat(foundAround()).extracting(Violation::invariant).containsExactly(Invariant.DUE_FOR_LONG);
    }

    // ---- who audits ----

    @Test
    default void A4_one_auditor_at_a_time() {
        Lease first = leases().acquire(AuditStore.LEASE, holder("one"), LENGTH).orElseThrow();

        Optional<Lease> second = leases().acquire(AuditStore.LEASE, holder("other"), LENGTH);

        assertThat(second).isEmpty();
        leases().release(AuditStore.LEASE, first.fence(), Duration.ZERO);
    }

    // ---- what these tests say with ----

    private Held miscounted() {
        Held parent = parent(FanIn.ALL, "a", "b");
        assumeTrue(miscount(parent.id(), 5), "counters can't be made wrong");
        return parent;
    }

    private JobId completedWithoutCheckpoints() {
        Held held = heldAtLastStage();
        done(held.checkpoint());
        damaged(held.id(), Damage.LOST_CHECKPOINT);
        return held.id();
    }

    private List<Repair> recorded(JobId job) {
        return audit().repairs(OptionalLong.empty(), 1_000).rows().stream()
                .filter(repair -> repair.job().equals(job))
                .toList();
    }
}
