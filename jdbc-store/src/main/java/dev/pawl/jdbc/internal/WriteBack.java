package dev.pawl.jdbc.internal;

import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Rows as they were decided under their locks, and what there is to record of it beside them. */
final class WriteBack {
    private final DecideSql sql;
    private final String queue;
    private final Argument now;

    WriteBack(Handle handle, String queue, Argument now) {
        this.sql = handle.attach(DecideSql.class);
        this.queue = queue;
        this.now = now;
    }

    /**
     * Writes.
     *
     * @param relatives parents and children that change with the jobs that were written to
     */
    void write(List<Move> moves, List<JobState> relatives) {
        List<Back> rows = new ArrayList<>(moves.size() + relatives.size());
        moves.forEach(move -> rows.add(new Back(move.to(), move.progress(), move.lastResult(), move.completer())));
        relatives.forEach(relative -> rows.add(new Back(relative, null, null, null)));
        for (List<Back> some : Chunks.of(rows, row -> 0)) {
            int written = sql.writeBack(queue, states(some)).size();
            if (written != some.size()) { // they are locked by us
                throw new IllegalStateException("wrote " + written + " locked jobs instead of " + some.size());
            }
        }
        List<Move> checkpoints =
                of(JobWrite.Checkpoint.class, moves, move -> move.to().status() != JobStatus.COMPLETED);
        if (!checkpoints.isEmpty()) {
            sql.checkpoints(
                    queue,
                    moved(checkpoints),
                    SqlArrays.ints(checkpoints, move -> move.row().job().stage()),
                    SqlArrays.longs(checkpoints, move -> token(move.to())),
                    SqlArrays.texts(checkpoints, Move::writer),
                    SqlArrays.texts(checkpoints, Move::result),
                    now);
        }
        List<Move> failures = of(JobWrite.Fail.class, moves, move -> true);
        if (!failures.isEmpty()) {
            sql.failures(queue, failed(failures), now);
        }
        List<Move> operations = of(JobWrite.Named.class, moves, move -> true);
        if (!operations.isEmpty()) {
            sql.operations(
                    queue,
                    moved(operations),
                    SqlArrays.texts(operations, move -> move.write() instanceof JobWrite.Cancel ? "CANCEL" : "RETRY"),
                    SqlArrays.texts(operations, move -> JobWrites.user(((JobWrite.Named) move.write()).by())),
                    now);
        }
    }

    private static DecideSql.States states(List<Back> rows) {
        return new DecideSql.States(
                SqlArrays.uuids(rows, row -> row.to().id().uuid()),
                SqlArrays.ints(rows, row -> row.to().stage()),
                SqlArrays.texts(rows, row -> row.to().status().name()),
                SqlArrays.ints(rows, row -> row.to().attempt()),
                SqlArrays.ints(rows, row -> row.to().takeovers()),
                SqlArrays.texts(rows, Back::progress),
                SqlArrays.longs(rows, row -> row.to().progressNo()),
                SqlArrays.texts(
                        rows, row -> row.to().phase() instanceof Phase.Running running ? running.holder() : null),
                SqlArrays.times(
                        rows, row -> row.to().phase() instanceof Phase.Running running ? running.expiresAt() : null),
                SqlArrays.times(rows, row -> row.to().phase().dueAt().orElse(null)),
                SqlArrays.times(rows, row -> row.to().since()),
                SqlArrays.texts(rows, Back::result),
                SqlArrays.texts(rows, Back::completer),
                SqlArrays.times(rows, row -> row.to().phase() instanceof Phase.Ended end ? end.at() : null),
                SqlArrays.times(rows, row -> row.to().family().place().orElse(null)),
                SqlArrays.longs(rows, row -> row.fan(fan -> fan.by().token().value())),
                SqlArrays.texts(rows, row -> row.fan(fan -> fan.by().holder())),
                SqlArrays.ints(rows, row -> row.fan(fan -> fan.policy().tolerated())),
                SqlArrays.booleans(rows, row -> row.fan(fan -> fan.policy().failFast())),
                SqlArrays.ints(rows, row -> row.fan(fan -> fan.counts().total())),
                SqlArrays.ints(rows, row -> row.fan(fan -> fan.counts().open())),
                SqlArrays.ints(rows, row -> row.fan(fan -> fan.counts().failed())),
                SqlArrays.ints(rows, row -> row.fan(fan -> fan.counts().cancelled())));
    }

    private static DecideSql.Failures failed(List<Move> moves) {
        Function<Move, JobWrite.Fail> fail = move -> (JobWrite.Fail) move.write();
        return new DecideSql.Failures(
                moved(moves),
                SqlArrays.texts(moves, move -> "FAILED"),
                SqlArrays.ints(moves, move -> move.row().job().stage()),
                SqlArrays.ints(moves, move -> move.row().job().attempt()),
                SqlArrays.longs(moves, move -> fail.apply(move).fence().token().value()),
                SqlArrays.texts(moves, move -> fail.apply(move).fence().holder()),
                SqlArrays.texts(moves, move -> fail.apply(move).error().type().orElse(null)),
                SqlArrays.texts(moves, move -> fail.apply(move).error().message()),
                SqlArrays.texts(
                        moves, move -> fail.apply(move).error().stackTrace().orElse(null)));
    }

    private static Argument moved(List<Move> moves) {
        return SqlArrays.uuids(moves, move -> move.to().id().uuid());
    }

    private static @Nullable Long token(JobState job) {
        return job.token().map(FencingToken::value).orElse(null);
    }

    private static List<Move> of(Class<? extends JobWrite> kind, List<Move> moves, Predicate<Move> condition) {
        return moves.stream()
                .filter(move -> kind.isInstance(move.write()) && condition.test(move))
                .toList();
    }

    /** A row that is written back. */
    private record Back(
            JobState to,
            @Nullable String progress,
            @Nullable String result,
            @Nullable String completer) {
        <T> @Nullable T fan(Function<Family.Fan, T> part) {
            return to.family().fan().map(part).orElse(null);
        }
    }
}
