package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.audit.Repair;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.store.EndedJob;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Past;
import dev.pawl.store.Position;
import dev.pawl.store.Search;
import dev.pawl.store.Tally;
import dev.pawl.store.Viewed;
import dev.pawl.view.Counted;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Stores whose read side breaks a rule, each one thing only. */
final class BrokenViews {
    private BrokenViews() {}

    static InMemoryJobStore with(Function<InMemoryJobStore, InMemoryViewStore> views) {
        return new InMemoryJobStore(new ManualTime(), InMemoryScanStore::new, views);
    }

    /** V1: what it looks at is not as it was. */
    static final class WritesAsItLooks extends InMemoryViewStore {
        WritesAsItLooks(InMemoryJobStore store) {
            super(store);
        }

        @Override
        void beforeReading() {
            store().rows().toList().forEach(row -> store().put(row.progress(Optional.of(Json.of("1")))));
        }
    }

    /** V1: it looks at no row that somebody writes to. */
    static final class WaitsForLocks extends InMemoryViewStore {
        WaitsForLocks(InMemoryJobStore store) {
            super(store);
        }

        @Override
        void beforeReading() {
            store().rows().map(JobRow::id).filter(store()::isLocked).findFirst().ifPresent(id -> {
                throw new BusyException("job " + id);
            });
        }
    }

    /** V2: its own clock is late. */
    static final class TellsAnotherTime extends InMemoryViewStore {
        TellsAnotherTime(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Instant asOf() {
            return super.asOf().minusSeconds(1);
        }
    }

    /** V3: a page begins with the position. */
    static final class RepeatsTheLastRow extends InMemoryViewStore {
        RepeatsTheLastRow(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(Position job, Position after) {
            return Position.ORDER.compare(job, after) >= 0;
        }
    }

    /** V3: a position is a time. */
    static final class LosesWhatEndedAtOnce extends InMemoryViewStore {
        LosesWhatEndedAtOnce(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(Position job, Position after) {
            return job.endedAt().isPresent()
                    ? job.endedAt().get().isBefore(after.endedAt().orElseThrow())
                    : super.isAfter(job, after);
        }
    }

    /** V3: ids are compared as Java does. */
    static final class PagesByJavasOrder extends InMemoryViewStore {
        PagesByJavasOrder(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(Position job, Position after) {
            return job.id().uuid().compareTo(after.id().uuid()) < 0;
        }
    }

    /** V3: a queue that was not looked at to the end is taken for one that was. */
    static final class JoinsPagesBlindly extends InMemoryViewStore {
        JoinsPagesBlindly(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Found together(List<Found> queues, Search search) {
            List<Found> all = queues.stream()
                    .map(queue -> new Found(queue.rows(), Optional.empty(), queue.asOf()))
                    .toList();
            return super.together(all, search);
        }
    }

    /** V3: a filter lets all pass. */
    static final class LetsAllPass extends InMemoryViewStore {
        LetsAllPass(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean matches(JobFilter filter, JobSummary job) {
            return true;
        }
    }

    /** V3: a page of children begins with the position. */
    static final class RepeatsTheLastChild extends InMemoryViewStore {
        RepeatsTheLastChild(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(String key, String after) {
            return FamilyTree.KEYS.compare(key, after) >= 0;
        }
    }

    /** V4: a count that stopped is told as if it had not. */
    static final class CountsUpToTheCapInSilence extends InMemoryViewStore {
        CountsUpToTheCapInSilence(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Counted counted(long counted, int cap) {
            return new Counted(Math.min(counted, cap), true);
        }
    }

    /** V4: what runs is due, too. */
    static final class CountsWhatIsHeld extends InMemoryViewStore {
        CountsWhatIsHeld(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isDue(JobRow row, Instant now) {
            return row.state().phase().dueAt().filter(due -> !due.isAfter(now)).isPresent();
        }
    }

    /** V4: whatever is not for later is due. */
    static final class CountsWhatHasEnded extends InMemoryViewStore {
        CountsWhatHasEnded(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isDue(JobRow row, Instant now) {
            return row.state().phase().dueAt().isEmpty() || super.isDue(row, now);
        }
    }

    /** V4: nobody learns that a queue is paused. */
    static final class ForgetsThePause extends InMemoryViewStore {
        ForgetsThePause(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Optional<InMemoryQueueStore.Pause> pauseOf(String queue) {
            return Optional.empty();
        }
    }

    /** V5: checkpoints bear no time. */
    static final class ForgetsWhen extends InMemoryViewStore {
        ForgetsWhen(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Instant checkpointedAt(JobRow row, int stage) {
            return row.enqueuedAt();
        }
    }

    /** V5: an attempt that was taken over is none. */
    static final class CountsNoTakeovers extends InMemoryViewStore {
        CountsNoTakeovers(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isTry(JobRow.Trouble trouble) {
            return trouble.kind() == Failure.Kind.FAILED;
        }
    }

    /** V5: whoever tries to write has tried. */
    static final class CountsRefusalsAsTries extends InMemoryViewStore {
        CountsRefusalsAsTries(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isTry(JobRow.Trouble trouble) {
            return true;
        }
    }

    /** V5: nobody learns when a job ended. */
    static final class ForgetsTheEnd extends InMemoryViewStore {
        ForgetsTheEnd(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Optional<Instant> endedAt(Phase phase) {
            return Optional.empty();
        }
    }

    /** V5: the last key comes first. */
    static final class SortsChildrenBackwards extends InMemoryViewStore {
        SortsChildrenBackwards(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Comparator<String> keys() {
            return FamilyTree.KEYS.reversed();
        }
    }

    /** V5: answers come in an order of their own. */
    static final class SortsTheQuestion extends InMemoryViewStore {
        SortsTheQuestion(InMemoryJobStore store) {
            super(store);
        }

        @Override
        List<JobId> order(List<JobId> ids) {
            return ids.stream()
                    .sorted(Comparator.comparing(JobId::uuid, Position.UUIDS))
                    .toList();
        }
    }

    /** V5: active jobs come by their age alone. */
    static final class MixesWhatRunsAndWhatWaits extends InMemoryViewStore {
        MixesWhatRunsAndWhatWaits(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Comparator<JobSummary> activeOrder() {
            return Comparator.comparing(JobSummary::since);
        }
    }

    /** V6: nobody learns what operators did. */
    static final class ForgetsOperators extends InMemoryViewStore {
        ForgetsOperators(InMemoryJobStore store) {
            super(store);
        }

        @Override
        List<Past.Operation> operations(JobRow row) {
            return List.of();
        }
    }

    /** V6: nobody learns of children. */
    static final class ForgetsFanOuts extends InMemoryViewStore {
        ForgetsFanOuts(InMemoryJobStore store) {
            super(store);
        }

        @Override
        List<Viewed.Fan> fans(JobRow parent, int children) {
            return List.of();
        }
    }

    /** V6: the oldest are told, and the latest are not. */
    static final class TellsTheOldestFailures extends InMemoryViewStore {
        TellsTheOldestFailures(InMemoryJobStore store) {
            super(store);
        }

        @Override
        <T> List<T> latest(List<T> all, int most) {
            return all.subList(0, Math.min(most, all.size()));
        }
    }

    /** V6: nobody learns of repairs. */
    static final class ForgetsRepairs extends InMemoryViewStore {
        ForgetsRepairs(InMemoryJobStore store) {
            super(store);
        }

        @Override
        List<Repair> repairs(JobRow row) {
            return List.of();
        }
    }

    /** V6: what was repaired of a job that is gone is told of another with its id. */
    static final class TellsOfFormerRepairs extends InMemoryViewStore {
        TellsOfFormerRepairs(InMemoryJobStore store) {
            super(store);
        }

        @Override
        List<Repair> repairs(JobRow row) {
            return store().audits().repairsOf(row.id());
        }
    }

    static InMemoryJobStore counting(Function<InMemoryJobStore, InMemoryTallies> tallies) {
        return with(store -> new InMemoryViewStore(store, tallies.apply(store)));
    }

    /** V7: a page begins with the last job that was counted. */
    static final class CountsTheLastAgain extends InMemoryTallies {
        CountsTheLastAgain(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(EndedJob job, Instant from, Optional<UUID> after) {
            return !job.endedAt().isBefore(from);
        }
    }

    /** V7: the second look adds, and takes nothing away. */
    static final class KeepsUndoneEnds extends InMemoryTallies {
        KeepsUndoneEnds(InMemoryJobStore store) {
            super(store);
        }

        @Override
        public void replace(
                String queue, Tally.Grain grain, Instant from, Instant before, Map<Tally.Key, Tally> counted) {
            if (!counted.isEmpty()) {
                super.replace(queue, grain, from, before, counted);
            }
        }
    }

    /** V7: the mark moves, and what was counted is lost. */
    static final class ForgetsWhatItCounted extends InMemoryTallies {
        ForgetsWhatItCounted(InMemoryJobStore store) {
            super(store);
        }

        @Override
        public void replace(
                String queue, Tally.Grain grain, Instant from, Instant before, Map<Tally.Key, Tally> counted) {}
    }
}
