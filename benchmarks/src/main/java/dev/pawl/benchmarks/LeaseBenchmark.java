package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.lease.HeldLease;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a call costs that acquires, renews or releases a named lease, beside the same statements by hand: prepared once, on one
 * connection that is the thread's own, each a durable transaction by itself. The two take turns, call by call, so that both have
 * the same luck with the disk.
 */
final class LeaseBenchmark {
    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final String NAME = "benchmark";

    private final Options options;
    private final PrintStream out;

    LeaseBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Nanoseconds, call by call. */
    private static final class Times {
        private final long[] acquire;
        private final long[] renew;
        private final long[] release;

        Times(int calls) {
            this.acquire = new long[calls];
            this.renew = new long[calls];
            this.release = new long[calls];
        }
    }

    /** Returns whether the bar was met, if there is one. */
    boolean run(Database database) throws Exception {
        int calls = options.leases();
        Times pawls = new Times(calls);
        Times byHand = new Times(calls);
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            Database.execute(pool, "drop schema if exists pawl cascade");
            PawlSchema.migrate(pool);
            database.settle();
            try (JdbiPawl pawl = JdbiPawl.on(pool);
                    ByHand hand = new ByHand(pool.getConnection())) {
                int warmUp = options.warmUp() > 0 ? calls / 4 : 10;
                for (int i = 0; i < warmUp + calls; i++) {
                    int call = Math.max(0, i - warmUp);
                    byPawl(pawl, pawls, call);
                    hand.turn(byHand, call);
                }
            }
        }
        out.printf(Locale.ROOT, "%n### Named leases, %,d calls each, p50%n%n", calls);
        out.printf(
                "| %-10s | %10s | %10s | %9s |%n|%s|%s:|%s:|%s:|%n",
                "call", "by hand", "Pawl", "x by hand", "-".repeat(12), "-".repeat(11), "-".repeat(11), "-".repeat(10));
        double worst = Math.max(
                row("acquire", pawls.acquire, byHand.acquire),
                Math.max(row("renew", pawls.renew, byHand.renew), row("release", pawls.release, byHand.release)));
        if (options.leaseBar() == 0) {
            return true;
        }
        boolean met = worst <= options.leaseBar();
        out.printf(
                Locale.ROOT,
                "%nnamed leases: the slowest call takes %.2f times as long as by hand, the bar is %.2f: %s%n",
                worst,
                options.leaseBar(),
                met ? "met" : "MISSED");
        return met;
    }

    private double row(String call, long[] pawls, long[] byHand) {
        double ratio = (double) median(pawls) / median(byHand);
        out.printf(
                Locale.ROOT,
                "| %-10s | %,7d µs | %,7d µs | %9.2f |%n",
                call,
                median(byHand) / 1_000,
                median(pawls) / 1_000,
                ratio);
        return ratio;
    }

    private static long median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void byPawl(JdbiPawl pawl, Times times, int call) {
        long begin = System.nanoTime();
        HeldLease lease = pawl.leases().acquire(NAME, LENGTH).orElseThrow();
        long acquired = System.nanoTime();
        lease.renew();
        long renewed = System.nanoTime();
        lease.release();
        long released = System.nanoTime();
        times.acquire[call] = acquired - begin;
        times.renew[call] = renewed - acquired;
        times.release[call] = released - renewed;
    }

    /** Somebody who needs just this, and knows how. */
    private static final class ByHand implements AutoCloseable {
        private static final String ACQUIRE = """
                with free as materialized (
                  select name from hand_lease
                   where name = ? and (taken_until is null or taken_until <= statement_timestamp())
                     for no key update skip locked
                ),
                numbered as materialized (select name, nextval('hand_token') as token from free)
                update hand_lease l
                   set token = n.token, holder = ?, taken_until = statement_timestamp() + ? * interval '1 microsecond',
                       since = statement_timestamp()
                  from numbered n
                 where l.name = n.name
                returning l.token, l.taken_until
                """;
        private static final String RENEW = """
                update hand_lease
                   set taken_until = greatest(taken_until, statement_timestamp() + ? * interval '1 microsecond')
                 where name = ? and token = ? and holder = ?
                returning taken_until
                """;
        private static final String RELEASE = """
                update hand_lease
                   set holder = null, taken_until = null, since = statement_timestamp()
                 where name = ? and token = ? and holder = ?
                """;

        private final Connection connection;
        private final PreparedStatement acquire;
        private final PreparedStatement renew;
        private final PreparedStatement release;
        private long holders;

        ByHand(Connection connection) throws SQLException {
            this.connection = connection;
            try (var statement = connection.createStatement()) {
                statement.execute("set synchronous_commit = on");
                statement.execute("drop table if exists hand_lease; drop sequence if exists hand_token;"
                        + " create sequence hand_token; create table hand_lease (name text collate \"C\" primary key,"
                        + " token bigint, holder text, taken_until timestamptz, since timestamptz not null)"
                        + " with (fillfactor = 50); insert into hand_lease (name, since) values ('" + NAME
                        + "', now())");
            }
            this.acquire = connection.prepareStatement(ACQUIRE);
            this.renew = connection.prepareStatement(RENEW);
            this.release = connection.prepareStatement(RELEASE);
        }

        void turn(Times times, int call) throws SQLException {
            String holder = "hand#" + ++holders;
            long micros = LENGTH.toNanos() / 1_000;
            long begin = System.nanoTime();
            acquire.setString(1, NAME);
            acquire.setString(2, holder);
            acquire.setLong(3, micros);
            long token = first(acquire);
            long acquired = System.nanoTime();
            renew.setLong(1, micros);
            renew.setString(2, NAME);
            renew.setLong(3, token);
            renew.setString(4, holder);
            renew.executeQuery().close();
            long renewed = System.nanoTime();
            release.setString(1, NAME);
            release.setLong(2, token);
            release.setString(3, holder);
            release.executeUpdate();
            long released = System.nanoTime();
            times.acquire[call] = acquired - begin;
            times.renew[call] = renewed - acquired;
            times.release[call] = released - renewed;
        }

        private static long first(PreparedStatement query) throws SQLException {
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
