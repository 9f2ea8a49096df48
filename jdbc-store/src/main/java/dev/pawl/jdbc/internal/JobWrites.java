package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.Recorded;
import dev.pawl.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * How writes to jobs of one queue become SQL, within one transaction. The frequent kinds are one guarded statement each.
 * Whatever those did not write, and all other kinds, are decided by {@link JobWrite#on} under the row's lock, and the row
 * that it answers is written back: so each rule, and each reason of a refusal, stands once. The parents of children that ended
 * come last, when all rows of the transaction are written, of every queue.
 */
final class JobWrites {
    private final Handle handle;
    private final String queue;
    private final Argument now;
    private final Families families;
    private final Map<JobId, Answer> answers = new HashMap<>();
    private final List<JobState> endedChildren = new ArrayList<>();
    private boolean holdsParents;

    JobWrites(Handle handle, String queue, Optional<Instant> now) {
        this.handle = handle;
        this.queue = queue;
        this.now = SqlArrays.time(now.orElse(null));
        this.families = new Families(handle, queue, this.now);
    }

    /**
     * Writes, but for parents' counts.
     *
     * @param writes to jobs of the queue, one for each job, in the order of their ids
     * @param locks whether to wait for rows that are locked, as long as the transaction's settings say; else they are busy
     */
    void write(List<? extends JobWrite> writes, Locks locks) {
        if (locks != Locks.SKIPPED) {
            renew(only(JobWrite.Renew.class, writes));
            saveProgress(only(JobWrite.SaveProgress.class, writes));
            checkpoint(only(JobWrite.Checkpoint.class, writes));
        }
        List<JobWrite> undecided = new ArrayList<>(writes.size() - answers.size());
        for (JobWrite write : writes) {
            if (!answers.containsKey(write.job())) {
                undecided.add(write);
            }
        }
        if (!undecided.isEmpty()) {
            decide(undecided, locks);
        }
    }

    String queue() {
        return queue;
    }

    /** Whether this transaction has locked, as rows of its own, parents that other children's ends may wait for. */
    boolean holdsParents() {
        return holdsParents;
    }

    /** The parents of children that have ended. */
    Set<UUID> parents() {
        return endedChildren.stream()
                .map(child -> child.family().parent().orElseThrow().id())
                .collect(Collectors.toSet());
    }

    /** Locks these without waiting; false if somebody else has one locked. */
    boolean locksParents() {
        return families.lockedElsewhere(parents()).isEmpty();
    }

    /**
     * Takes the counts of parents down: the last that a transaction does.
     *
     * @return an answer for each job
     */
    Map<JobId, Answer> countDown() {
        if (!endedChildren.isEmpty()) {
            for (JobId child : families.countDown(endedChildren)) {
                answers.computeIfPresent(child, (id, done) -> new Answer.Done(((Answer.Done) done).job(), true));
            }
        }
        return answers;
    }

    private HotSql hot() {
        return handle.attach(HotSql.class);
    }

    private DecideSql decide() {
        return handle.attach(DecideSql.class);
    }

    private void renew(List<JobWrite.Renew> writes) {
        if (!writes.isEmpty()) {
            done(hot().renew(queue, fences(writes, JobWrite.Renew::length), now));
        }
    }

    private void saveProgress(List<JobWrite.SaveProgress> writes) {
        if (!writes.isEmpty()) {
            HotSql.Progress progress = new HotSql.Progress(
                    SqlArrays.ints(writes, JobWrite.SaveProgress::stage),
                    SqlArrays.longs(writes, JobWrite.SaveProgress::number),
                    SqlArrays.texts(writes, write -> write.progress().text()));
            done(hot().saveProgress(queue, fences(writes, JobWrite.SaveProgress::length), progress, now));
        }
    }

    private void checkpoint(List<JobWrite.Checkpoint> writes) {
        if (!writes.isEmpty()) {
            HotSql.Results results = new HotSql.Results(
                    SqlArrays.ints(writes, JobWrite.Checkpoint::stage),
                    SqlArrays.texts(writes, write -> text(write.result())));
            done(hot().checkpoint(queue, fences(writes, JobWrite.Checkpoint::length), results, now));
        }
    }

    private void done(List<JobState> jobs) {
        for (JobState job : jobs) {
            answers.put(job.id(), new Answer.Done(job));
            if (job.status().isEnded() && job.family().parent().isPresent()) {
                endedChildren.add(job);
            }
        }
    }

    private void decide(List<JobWrite> writes, Locks locks) {
        Argument stages = SqlArrays.ints(writes, JobWrites::stageOfCheckpoint);
        List<JobRows.Locked> rows = locks == Locks.AWAITED
                ? decide().lockWaiting(queue, ids(writes), stages, now)
                : decide().lock(queue, ids(writes), stages, now);
        Map<JobId, JobRows.Locked> locked =
                rows.stream().collect(Collectors.toMap(row -> row.job().id(), row -> row));
        holdsParents |= rows.stream().anyMatch(row -> row.job().family().openChildren() > 0)
                || writes.stream().anyMatch(JobWrite.Retry.class::isInstance); // a parent's count, too
        Map<JobId, Recorded> recorded = recorded(writes, locked);
        List<Move> moves = new ArrayList<>();
        List<JobWrite> missed = new ArrayList<>();
        for (JobWrite write : writes) {
            JobRows.Locked row = locked.get(write.job());
            if (row == null) {
                missed.add(write);
                continue;
            }
            Transition transition = write.on(row.job(), Optional.ofNullable(recorded.get(write.job())), row.now());
            if (transition instanceof Transition.Moved moved) {
                moves.add(new Move(write, row, moved.job()));
            } else {
                answers.put(write.job(), Answer.to(transition));
            }
        }
        if (locks == Locks.SKIPPED) {
            moves = withFreeParents(moves);
        }
        if (!moves.isEmpty()) {
            move(moves);
        }
        if (!missed.isEmpty()) {
            explain(missed);
        }
    }

    /** Without those that would end a child whose parent somebody has locked: they are busy. */
    private List<Move> withFreeParents(List<Move> moves) {
        Set<UUID> locked = families.lockedElsewhere(
                moves.stream().filter(Move::endsChild).map(Move::parent).collect(Collectors.toSet()));
        List<Move> free = new ArrayList<>(moves.size());
        for (Move move : moves) {
            if (move.endsChild() && locked.contains(move.parent())) {
                answers.put(move.write().job(), new Answer.Busy());
            } else {
                free.add(move);
            }
        }
        return free;
    }

    /** Writes what was decided, and what it means for relatives. */
    private void move(List<Move> decided) {
        Map<JobId, Integer> started = start(decided);
        List<Move> moves = new ArrayList<>(decided.size());
        for (Move move : decided) {
            if (!(move.write() instanceof JobWrite.Retry)) {
                JobState to =
                        withChildren(move, started.getOrDefault(move.write().job(), 0), decided);
                answers.put(move.write().job(), new Answer.Done(to));
                moves.add(move.to(to));
            }
        }
        List<JobState> relatives = new ArrayList<>();
        retry(decided, moves, relatives);
        new WriteBack(handle, queue, now).write(moves, relatives);
        moves.stream().filter(Move::endsChild).map(Move::to).forEach(endedChildren::add);
    }

    /** Inserts the children of all fan-outs, and tells how many there are of each parent. */
    private Map<JobId, Integer> start(List<Move> decided) {
        return families.start(decided.stream()
                .filter(move -> move.write() instanceof JobWrite.FanOut)
                .map(move -> new Families.Started((JobWrite.FanOut) move.write(), move.to()))
                .toList());
    }

    /** Adds what a retry makes of the job, and of those above and below it. A second sibling is busy: their parent is taken. */
    private void retry(List<Move> decided, List<Move> moves, List<JobState> relatives) {
        Trees trees = new Trees(handle, queue, now);
        Set<JobId> taken =
                decided.stream().map(move -> move.write().job()).collect(Collectors.toCollection(HashSet::new));
        for (Move move : decided) {
            if (move.write() instanceof JobWrite.Retry retry) {
                Trees.Retried retried =
                        trees.retry(retry, move.row().job(), move.row().now(), taken);
                answers.put(retry.job(), retried.answer());
                if (!retried.rows().isEmpty()) {
                    moves.add(move.to(retried.rows().get(0)));
                    relatives.addAll(retried.rows().subList(1, retried.rows().size()));
                    retried.rows().forEach(row -> taken.add(row.id()));
                }
            }
        }
    }

    /** The job as it is to be, now that something is known of its children. */
    private JobState withChildren(Move move, int started, List<Move> decided) {
        if (move.write() instanceof JobWrite.FanOut fanOut
                && started != fanOut.children().size()) {
            return Lifecycle.recounted(move.to(), new Children.Counts(started, started, 0, 0));
        }
        if (move.write() instanceof JobWrite.AwaitChildren) {
            return Lifecycle.recounted(move.to(), families.count(move.to(), endedChildren));
        }
        if (move.write() instanceof JobWrite.CancelChildren cancel) {
            List<JobWrite> own = decided.stream().map(Move::write).toList();
            return Lifecycle.childrenEnded(move.to(), 0, 0, families.cancelOpen(move.to(), cancel.most(), own));
        }
        return move.to();
    }

    /** A checkpoint asks what is recorded of its stage: for the last one in the job's row, for others in rows of their own. */
    private Map<JobId, Recorded> recorded(List<JobWrite> writes, Map<JobId, JobRows.Locked> locked) {
        Map<JobId, Recorded> recorded = new HashMap<>();
        List<JobWrite.Checkpoint> checkpoints = new ArrayList<>();
        for (JobWrite.Checkpoint write : only(JobWrite.Checkpoint.class, writes)) {
            JobRows.Locked row = locked.get(write.job());
            if (row != null
                    && write.stage() == row.job().stages() - 1
                    && row.job().status() == JobStatus.COMPLETED) {
                row.completedUnder()
                        .ifPresent(
                                fence -> recorded.put(write.job(), new Recorded(write.stage(), fence, row.result())));
            } else if (row != null && write.stage() < row.job().stage()) {
                checkpoints.add(write);
            }
        }
        if (!checkpoints.isEmpty()) {
            List<JobRows.Checkpointed> rows =
                    decide().recorded(queue, ids(checkpoints), SqlArrays.ints(checkpoints, JobWrite.Checkpoint::stage));
            rows.forEach(row -> recorded.put(new JobId(queue, row.job()), row.recorded()));
        }
        return recorded;
    }

    /** Rows that were not to be had are missing or locked by somebody. */
    private void explain(List<JobWrite> missed) {
        Map<JobId, JobState> seen =
                decide().look(queue, ids(missed)).stream().collect(Collectors.toMap(JobState::id, job -> job));
        for (JobWrite write : missed) {
            JobState job = seen.get(write.job());
            answers.put(
                    write.job(),
                    job == null ? new Answer.Refused(new Refusal.Missing()) : Answer.whileLocked(write, job));
        }
    }

    static @Nullable String user(Actor actor) {
        return actor.userId().orElse(null);
    }

    static @Nullable String text(Optional<Json> json) {
        return json.map(Json::text).orElse(null);
    }

    private static <W extends JobWrite.Fenced> HotSql.Fences fences(List<W> writes, Function<W, Duration> length) {
        return new HotSql.Fences(
                ids(writes),
                SqlArrays.longs(writes, write -> write.fence().token().value()),
                SqlArrays.texts(writes, write -> write.fence().holder()),
                SqlArrays.longs(writes, write -> SqlArrays.micros(length.apply(write))));
    }

    private static Argument ids(List<? extends JobWrite> writes) {
        return SqlArrays.uuids(writes, write -> write.job().uuid());
    }

    private static int stageOfCheckpoint(JobWrite write) {
        return write instanceof JobWrite.Checkpoint checkpoint ? checkpoint.stage() : -1;
    }

    private static <W extends JobWrite> List<W> only(Class<W> kind, List<? extends JobWrite> writes) {
        List<W> found = new ArrayList<>();
        for (JobWrite write : writes) {
            if (kind.isInstance(write)) {
                found.add(kind.cast(write));
            }
        }
        return found;
    }
}
