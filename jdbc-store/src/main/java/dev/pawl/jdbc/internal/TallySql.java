package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.EndedJob;
import dev.pawl.store.Histogram;
import dev.pawl.store.Tallies;
import dev.pawl.store.Tally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Statements on what has ended and what is counted of it, of one queue at a time. */
final class TallySql implements Tallies {
    private final Handle handle;
    private final @Nullable Instant time;

    TallySql(Handle handle, @Nullable Instant time) {
        this.handle = handle;
        this.time = time;
    }

    @Override
    public Instant now() {
        return handle.createQuery("select <now>")
                .bind("now", SqlArrays.time(time))
                .map((row, context) -> ViewRows.at(row, 1))
                .one();
    }

    @Override
    public List<String> queues() {
        return handle.createQuery(QueueViewSql.NAMES
                        + "select n.queue from names n union select m.queue from <schema>.tally_mark m order by 1")
                .mapTo(String.class)
                .list();
    }

    @Override
    public Mark mark(String queue, boolean forWriting) {
        if (forWriting) {
            handle.createUpdate("""
                            insert into <schema>.tally_mark (queue, counted_at, recounted_to)
                            values (:queue, :epoch, :epoch)
                                on conflict (queue) do nothing
                            """)
                    .bind("queue", queue)
                    .bind("epoch", SqlArrays.time(Instant.EPOCH))
                    .execute();
        }
        return handle.createQuery("select m.counted_at, m.counted_id, m.recounted_to from <schema>.tally_mark m"
                        + " where m.queue = :queue" + (forWriting ? " for no key update" : ""))
                .bind("queue", queue)
                .map((row, context) -> new Mark(
                        ViewRows.at(row, 1), Optional.ofNullable(row.getObject(2, UUID.class)), ViewRows.at(row, 3)))
                .findOne()
                .orElse(Mark.NONE);
    }

    @Override
    public void mark(String queue, Mark mark) {
        int rows = handle.createUpdate("""
                        update <schema>.tally_mark
                           set counted_at = :countedAt,
                               counted_id = :countedId,
                               recounted_to = :recountedTo
                         where queue = :queue
                        """)
                .bind("queue", queue)
                .bind("countedAt", SqlArrays.time(mark.countedAt()))
                .bind("countedId", mark.countedId().orElse(null))
                .bind("recountedTo", SqlArrays.time(mark.recountedTo()))
                .execute();
        if (rows != 1) {
            throw new IllegalStateException(
                    "the mark of queue " + queue + " was locked, but its update changed " + rows + " rows");
        }
    }

    @Override
    public List<EndedJob> ended(String queue, Instant from, Optional<UUID> after, Instant before, int limit) {
        String place = after.isPresent() ? "(j.ended_at, j.id) > (:from, :after)" : "j.ended_at >= :from";
        Query query = handle.createQuery("""
                          select j.id, j.pipeline, j.status, j.enqueued_at, j.started_at, j.ended_at, f.failed, f.takeovers
                            from (select j.*
                                    from <schema>.job j
                                   where j.queue = :queue
                                     and j.ended_at is not null
                                     and j.ended_at < :before
                                     and %s
                                order by j.ended_at, j.id
                                   limit :limit) j
                       left join lateral (
                                  select count(*) filter (where f.kind = 'FAILED') as failed,
                                         count(*) filter (where f.kind = 'TAKEN_OVER') as takeovers
                                    from <schema>.failure f
                                   where f.queue = :queue
                                     and f.job_id = j.id) f
                              on true
                        order by j.ended_at, j.id""".formatted(place))
                .bind("queue", queue)
                .bind("from", SqlArrays.time(from))
                .bind("before", SqlArrays.time(before))
                .bind("limit", limit);
        after.ifPresent(id -> query.bind("after", id));
        return query.map((row, context) -> new EndedJob(
                        new JobId(queue, row.getObject(1, UUID.class)),
                        row.getString(2),
                        JobStatus.valueOf(row.getString(3)),
                        ViewRows.at(row, 4),
                        ViewRows.time(row, 5),
                        ViewRows.at(row, 6),
                        row.getInt(7),
                        row.getInt(8)))
                .list();
    }

    @Override
    public Map<Tally.Key, Tally> read(String queue, Tally.Grain grain, Instant from, Instant before) {
        Map<Tally.Key, Tally> tallies = new HashMap<>();
        handle.createQuery("""
                        select t.pipeline, t.status, t.start, t.jobs, t.failed_attempts, t.takeovers, t.measured, t.run_micros,
                               t.wait_micros, t.runs, t.waits
                          from <schema>.tally t
                         where t.queue = :queue
                           and t.minutes = :minutes
                           and t.start >= :from
                           and t.start < :before
                        """)
                .bind("queue", queue)
                .bind("minutes", grain.length().toMinutes())
                .bind("from", SqlArrays.time(from))
                .bind("before", SqlArrays.time(before))
                .map((row, context) -> tallies.put(
                        new Tally.Key(row.getString(1), JobStatus.valueOf(row.getString(2)), ViewRows.at(row, 3)),
                        tally(row)))
                .list();
        return tallies;
    }

    private static Tally tally(ResultSet row) throws SQLException {
        return new Tally(
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                Duration.of(row.getLong(8), ChronoUnit.MICROS),
                Duration.of(row.getLong(9), ChronoUnit.MICROS),
                histogram(row, 10),
                histogram(row, 11));
    }

    private static Histogram histogram(ResultSet row, int column) throws SQLException {
        Long[] pairs = (Long[]) Objects.requireNonNull(row.getArray(column)).getArray();
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            counts.put(pairs[i].intValue(), pairs[i + 1]);
        }
        return new Histogram(counts);
    }

    @Override
    public void replace(String queue, Tally.Grain grain, Instant from, Instant before, Map<Tally.Key, Tally> tallies) {
        handle.createUpdate("""
                        delete from <schema>.tally t
                         where t.queue = :queue
                           and t.minutes = :minutes
                           and t.start >= :from
                           and t.start < :before
                        """)
                .bind("queue", queue)
                .bind("minutes", grain.length().toMinutes())
                .bind("from", SqlArrays.time(from))
                .bind("before", SqlArrays.time(before))
                .execute();
        if (tallies.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                insert into <schema>.tally (queue, minutes, start, pipeline, status, jobs, failed_attempts, takeovers, measured,
                       run_micros, wait_micros, runs, waits)
                values (:queue, :minutes, :start, :pipeline, :status, :jobs, :failed, :takeovers, :measured,
                       :run, :wait, cast(:runs as bigint[]), cast(:waits as bigint[]))
                """);
        tallies.forEach((key, tally) -> batch.bind("queue", queue)
                .bind("minutes", grain.length().toMinutes())
                .bind("start", SqlArrays.time(key.start()))
                .bind("pipeline", key.pipeline())
                .bind("status", key.status().name())
                .bind("jobs", tally.jobs())
                .bind("failed", tally.failedAttempts())
                .bind("takeovers", tally.takeovers())
                .bind("measured", tally.measured())
                .bind("run", SqlArrays.micros(tally.run()))
                .bind("wait", SqlArrays.micros(tally.waited()))
                .bind("runs", pairs(tally.runs()))
                .bind("waits", pairs(tally.waits()))
                .add());
        batch.execute();
    }

    /** The number of a bucket, and its count, one after the other. */
    private static Argument pairs(Histogram histogram) {
        List<Long> pairs = new ArrayList<>();
        histogram.counts().forEach((bucket, count) -> {
            pairs.add((long) bucket);
            pairs.add(count);
        });
        return SqlArrays.longs(pairs, value -> value);
    }
}
