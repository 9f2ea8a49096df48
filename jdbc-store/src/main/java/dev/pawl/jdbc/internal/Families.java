package dev.pawl.jdbc.internal;

import static java.util.Objects.requireNonNull;

import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.NewChild;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What writes to jobs of one queue do to their relatives, within one transaction. Nobody who holds a parent's lock waits for a
 * child's: children are locked before their parents, or without waiting.
 */
final class Families {
    private static final Logger LOG = LoggerFactory.getLogger(Families.class);
    private static final int PARENTS_AT_ONCE = 100;
    private static final int MOST_PAGES = 10;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Handle handle;
    private final String queue;
    private final Argument now;

    Families(Handle handle, String queue, Argument now) {
        this.handle = handle;
        this.queue = queue;
        this.now = now;
    }

    private FamilySql sql() {
        return handle.attach(FamilySql.class);
    }

    // ---- fan-out ----

    /** A fan-out, and the parent as it is to be. */
    record Started(JobWrite.FanOut write, JobState parent) {}

    /** Inserts the children of all, and returns how many of each parent's there are now, by its id. */
    Map<JobId, Integer> start(List<Started> fanOuts) {
        List<Child> children = new ArrayList<>();
        for (Started started : fanOuts) {
            started.write().children().forEach(child -> children.add(new Child(started, child)));
        }
        Map<JobId, Integer> inserted = new HashMap<>();
        for (List<Child> some :
                Chunks.of(children, child -> child.row.payload().text().length())) {
            sql().insert(queue, rows(some), now)
                    .forEach(parent -> inserted.merge(new JobId(queue, parent), 1, Integer::sum));
        }
        return inserted;
    }

    private static FamilySql.Rows rows(List<Child> children) {
        return new FamilySql.Rows(
                SqlArrays.uuids(children, child -> child.of.parent().id().uuid()),
                SqlArrays.longs(
                        children, child -> child.of.write().fence().token().value()),
                SqlArrays.times(
                        children, child -> child.of.parent().family().place().orElseThrow()),
                SqlArrays.uuids(children, child -> child.row.id()),
                SqlArrays.texts(children, child -> child.row.key()),
                SqlArrays.texts(children, child -> child.row.pipeline()),
                SqlArrays.ints(children, child -> child.row.version()),
                SqlArrays.ints(children, child -> child.row.stages()),
                SqlArrays.texts(children, child -> child.row.payload().text()));
    }

    private record Child(Started of, NewChild row) {}

    // ---- fan-in ----

    /**
     * Takes the parents' counts down.
     *
     * @param ended children that have just ended, in the order of the answers
     * @return those of them that tell that their parent was woken, one for each parent
     */
    Set<JobId> countDown(List<JobState> ended) {
        Map<Family.Parent, Ends> byParent = new LinkedHashMap<>();
        for (JobState child : ended) {
            byParent.computeIfAbsent(child.family().parent().orElseThrow(), Ends::new)
                    .add(child);
        }
        List<Ends> rows = List.copyOf(byParent.values());
        Set<JobId> waking = new HashSet<>();
        for (JobRows.Counted parent : sql().countDown(queue, ends(rows))) {
            if (parent.woken()) {
                waking.add(requireNonNull(byParent.get(parent.link())).last); // no child of a former fan-out
            }
            if (parent.belowZero()) {
                LOG.warn(
                        "{}: more children have ended than it counted as open",
                        new JobId(queue, parent.link().id()));
            }
        }
        return waking;
    }

    private static FamilySql.Ends ends(List<Ends> rows) {
        return new FamilySql.Ends(
                SqlArrays.uuids(rows, row -> row.parent.id()),
                SqlArrays.longs(rows, row -> row.parent.fan().value()),
                SqlArrays.ints(rows, row -> row.ended),
                SqlArrays.ints(rows, row -> row.failed),
                SqlArrays.ints(rows, row -> row.cancelled));
    }

    /** How many children of one fan-out have ended. */
    private static final class Ends {
        private final Family.Parent parent;
        private int ended;
        private int failed;
        private int cancelled;
        private JobId last;

        Ends(Family.Parent parent) {
            this.parent = parent;
            this.last = new JobId("none", parent.id());
        }

        void add(JobState child) {
            ended++;
            failed += child.status() == JobStatus.FAILED ? 1 : 0;
            cancelled += child.status() == JobStatus.CANCELLED ? 1 : 0;
            last = child.id();
        }
    }

    /** Locks parents without waiting, and returns those that somebody else has locked. */
    Set<UUID> lockedElsewhere(Set<UUID> parents) {
        Set<UUID> locked = new HashSet<>(parents);
        if (!locked.isEmpty()) {
            sql().lockFree(queue, SqlArrays.uuids(List.copyOf(parents), id -> id))
                    .forEach(locked::remove);
        }
        return locked;
    }

    // ---- verdicts ----

    /**
     * Counts the children of a parent whose lock is held.
     *
     * @param endedHere children whose end is written in this transaction, and counted down by it later
     */
    Children.Counts count(JobState parent, List<JobState> endedHere) {
        Children.Counts rows = sql().count(queue, parent.id().uuid(), fanOf(parent));
        int open = rows.open();
        int failed = rows.failed();
        int cancelled = rows.cancelled();
        for (JobState child : endedHere) {
            if (child.family().parent().filter(link -> isLinkTo(parent, link)).isPresent()) {
                open++;
                failed -= child.status() == JobStatus.FAILED ? 1 : 0;
                cancelled -= child.status() == JobStatus.CANCELLED ? 1 : 0;
            }
        }
        return new Children.Counts(rows.total(), open, failed, cancelled);
    }

    private static boolean isLinkTo(JobState parent, Family.Parent link) {
        return link.id().equals(parent.id().uuid()) && Lifecycle.isOfFan(parent, link);
    }

    /**
     * Cancels open children of a parent whose lock is held.
     *
     * @param except jobs to which this transaction writes otherwise
     * @return how many
     */
    int cancelOpen(JobState parent, int most, List<? extends JobWrite> except) {
        return sql().cancelOpen(
                        queue,
                        parent.id().uuid(),
                        fanOf(parent),
                        SqlArrays.uuids(except, write -> write.job().uuid()),
                        most,
                        now);
    }

    /** Cancels what jobs that ended left behind: see the store. Parents of whose children it can have none don't hide the others. */
    int cancelOrphans(int most) {
        int cancelled = 0;
        UUID after = BEFORE_ALL;
        for (int page = 0; page < MOST_PAGES && cancelled < most; page++) {
            List<JobState> parents = sql().lockWithOrphans(queue, after, PARENTS_AT_ONCE);
            for (JobState parent : parents) {
                cancelled += cancelled < most ? cancelOrphansOf(parent, most - cancelled) : 0;
                after = parent.id().uuid();
            }
            if (parents.size() < PARENTS_AT_ONCE) {
                break;
            }
        }
        return cancelled;
    }

    /** Its count is taken down by what was cancelled, and made anew by the rows only at the end, since that reads them all. */
    private int cancelOrphansOf(JobState parent, int most) {
        Children.Counts before = parent.family().fan().orElseThrow().counts();
        int cancelled = cancelOpen(parent, most, List.of());
        Children.Counts after = cancelled == most && cancelled < before.open()
                ? new Children.Counts(
                        before.total(), before.open() - cancelled, before.failed(), before.cancelled() + cancelled)
                : count(parent, List.of());
        if (!after.equals(before)) {
            sql().setCounts(queue, parent.id().uuid(), after.open(), after.failed(), after.cancelled());
        }
        return cancelled;
    }

    private static long fanOf(JobState parent) {
        return parent.family().fan().orElseThrow().by().token().value();
    }
}
