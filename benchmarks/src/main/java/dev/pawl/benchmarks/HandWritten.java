package dev.pawl.benchmarks;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * A job table with leases and tokens, by plain JDBC: each thread on a connection of its own claims so many jobs in one
 * transaction, and then records each stage of them all in one.
 *
 * <p>With one at a time it is what applications have. With a hundred it is the yardstick of what the database can give:
 * it does no more than the work, knows that all its handlers end at once, and loses a batch as a whole.
 */
final class HandWritten implements Contender {
    private static final String CLAIM = """
              with due as materialized (
                     select id
                       from bench.job
                      where queue = 'q'
                        and status = 'pending'
                        and due_at <= statement_timestamp()
                      order by due_at
                      limit ?
                        for update skip locked)
            update bench.job
               set status = 'running',
                   holder = ?,
                   token = nextval('bench.token'),
                   lease_expires_at = statement_timestamp() + interval '30 seconds'
              from due
             where job.queue = 'q'
               and job.id = due.id
            returning job.id, job.token
            """;

    private static final String CHECKPOINT = """
            update bench.job
               set stage = ?,
                   result = done.result,
                   lease_expires_at = statement_timestamp() + interval '30 seconds'
              from unnest(cast(? as uuid[]), cast(? as bigint[]), cast(? as text[])) as done (id, token, result)
             where job.queue = 'q'
               and job.id = done.id
               and job.token = done.token
            """;

    private static final String COMPLETE = """
            update bench.job
               set stage = ?,
                   result = done.result,
                   status = 'completed',
                   holder = null,
                   lease_expires_at = null,
                   due_at = null,
                   ended_at = statement_timestamp()
              from unnest(cast(? as uuid[]), cast(? as bigint[]), cast(? as text[])) as done (id, token, result)
             where job.queue = 'q'
               and job.id = done.id
               and job.token = done.token
            """;

    private final int batch;

    HandWritten(int batch) {
        this.batch = batch;
    }

    @Override
    public String name() {
        return batch == 1
                ? "hand-written JDBC, one job per transaction"
                : "hand-written JDBC, " + batch + " per transaction";
    }

    @Override
    public void prepare(DataSource dataSource, Workload workload) throws SQLException {
        Database.execute(
                dataSource,
                "drop schema if exists bench cascade",
                "create schema bench",
                """
                create table bench.job (
                    queue            text not null,
                    id               uuid not null,
                    status           text not null,
                    stage            smallint not null,
                    due_at           timestamptz,
                    holder           uuid,
                    token            bigint,
                    lease_expires_at timestamptz,
                    payload          text not null,
                    result           text,
                    enqueued_at      timestamptz not null,
                    ended_at         timestamptz,
                    primary key (queue, id))
                """,
                "create index job_due on bench.job (queue, due_at) where status = 'pending'",
                "create sequence bench.token",
                """
                insert into bench.job (queue, id, status, stage, due_at, payload, enqueued_at)
                select 'q', gen_random_uuid(), 'pending', 0, clock_timestamp(), '{"n":1}', clock_timestamp()
                  from generate_series(1, %d)
                """.formatted(workload.jobs()));
    }

    @Override
    public AutoCloseable run(DataSource dataSource, Workload workload, int threads)
            throws InterruptedException, ExecutionException {
        String[] results = workload.results();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            loops.add(executor.submit(() -> {
                work(dataSource, workload, results);
                return null;
            }));
        }
        for (Future<?> loop : loops) {
            loop.get();
        }
        return executor::shutdownNow;
    }

    @Override
    public int completed(DataSource dataSource, Workload workload) throws SQLException {
        return Database.count(
                dataSource,
                "select count(*) from bench.job where status = 'completed' and stage = " + workload.stages());
    }

    private void work(DataSource dataSource, Workload workload, String[] results) throws SQLException {
        UUID holder = UUID.randomUUID();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement checkpoint = connection.prepareStatement(CHECKPOINT);
                PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            for (Claimed claimed = claim(claim, holder); !claimed.ids.isEmpty(); claimed = claim(claim, holder)) {
                for (int stage = 1; stage < workload.stages(); stage++) {
                    record(connection, checkpoint, claimed, stage, results);
                }
                record(connection, complete, claimed, workload.stages(), results);
            }
        }
    }

    private Claimed claim(PreparedStatement claim, UUID holder) throws SQLException {
        Claimed claimed = new Claimed(new ArrayList<>(), new ArrayList<>());
        claim.setInt(1, batch);
        claim.setObject(2, holder);
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                claimed.ids.add(rows.getObject(1, UUID.class));
                claimed.tokens.add(rows.getLong(2));
            }
        }
        return claimed;
    }

    private static void record(
            Connection connection, PreparedStatement write, Claimed claimed, int stage, String[] results)
            throws SQLException {
        String[] ofThisStage = new String[claimed.ids.size()];
        for (int i = 0; i < ofThisStage.length; i++) {
            ofThisStage[i] = results[(claimed.tokens.get(i).intValue() + stage) % results.length];
        }
        Array ids = connection.createArrayOf("uuid", claimed.ids.toArray());
        Array tokens = connection.createArrayOf("bigint", claimed.tokens.toArray());
        write.setInt(1, stage);
        write.setArray(2, ids);
        write.setArray(3, tokens);
        write.setArray(4, connection.createArrayOf("text", ofThisStage));
        int written = write.executeUpdate();
        if (written != claimed.ids.size()) {
            throw new IllegalStateException(written + " of " + claimed.ids.size() + " were written: a lease was lost");
        }
    }

    private record Claimed(List<UUID> ids, List<Long> tokens) {}
}
