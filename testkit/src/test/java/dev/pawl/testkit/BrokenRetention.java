package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.store.Removal;
import dev.pawl.store.Removal.Bounds;
import dev.pawl.store.Removal.Place;
import dev.pawl.store.Tallies;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;

/** Stores whose retention breaks rule A6, each one thing only. */
final class BrokenRetention {
    private BrokenRetention() {}

    static InMemoryJobStore with(Function<InMemoryJobStore, MemoryRemoval> removal) {
        return BrokenViews.counting(store -> new InMemoryTallies(store, removal.apply(store)));
    }

    /** It says that they are gone. */
    static final class RemovesNothing extends MemoryRemoval {
        RemovesNothing(InMemoryJobStore store) {
            super(store);
        }

        @Override
        void remove(JobRow row) {}
    }

    /** Whatever has ended is old enough. */
    static final class CannotWait extends MemoryRemoval {
        CannotWait(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Bounds bounds(Removal what, Instant now, Tallies.Mark mark) {
            return new Bounds(mark.recountedTo(), mark.recountedTo());
        }
    }

    /** Statistics may count what is gone. */
    static final class RemovesBeforeItIsCounted extends MemoryRemoval {
        RemovesBeforeItIsCounted(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Bounds bounds(Removal what, Instant now, Tallies.Mark mark) {
            return what.bounds(now, new Tallies.Mark(now, mark.countedId(), now));
        }
    }

    /** One end is as good as another. */
    static final class RemovesEveryOutcome extends MemoryRemoval {
        RemovesEveryOutcome(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isOutcome(JobRow row, Removal what) {
            return true;
        }
    }

    /** A child is a job like any other. */
    static final class RemovesChildrenOfTheLiving extends MemoryRemoval {
        RemovesChildrenOfTheLiving(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isRoot(JobRow row) {
            return true;
        }
    }

    /** What is below a root does not matter. */
    static final class RemovesWhatHasNotEnded extends MemoryRemoval {
        RemovesWhatHasNotEnded(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isOver(JobRow row, Bounds bounds) {
            return true;
        }
    }

    /** What is below a root stays. */
    static final class LeavesChildrenBehind extends MemoryRemoval {
        LeavesChildrenBehind(InMemoryJobStore store) {
            super(store);
        }

        @Override
        Stream<JobRow> whole(JobRow root) {
            return Stream.empty();
        }
    }

    /** A tree that is too large for a step loses its children first. */
    static final class RemovesChildrenFirst extends MemoryRemoval {
        RemovesChildrenFirst(InMemoryJobStore store) {
            super(store);
        }

        @Override
        void remove(JobRow row) {
            below(row).findFirst().ifPresentOrElse(child -> store().lose(child.id()), () -> super.remove(row));
        }
    }

    /** Whoever comes after a crash knows nothing of trees that were begun. */
    static final class ForgetsWhatItBegan extends MemoryRemoval {
        ForgetsWhatItBegan(InMemoryJobStore store) {
            super(store);
        }

        @Override
        void note(JobId gone, long token) {}
    }

    /** A place is a time. */
    static final class PassesOverEqualEnds extends MemoryRemoval {
        PassesOverEqualEnds(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isAfter(JobRow row, Place place) {
            return end(row).isAfter(place.endedAt());
        }
    }

    /** Rows that somebody has locked go, too. */
    static final class RemovesLockedRows extends MemoryRemoval {
        RemovesLockedRows(InMemoryJobStore store) {
            super(store);
        }

        @Override
        boolean isLocked(JobId id) {
            return false;
        }
    }
}
