package dev.pawl.benchmarks;

import static dev.pawl.scan.KeyColumn.desc;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A lap over a table, newest first, in pages of a thousand rows, by a scan whose cursor moves in the page's transaction, and by a
 * loop written by hand that reads the page and moves a cursor's row in one durable transaction. What is done with a page is to
 * count it.
 */
final class ScanBenchmark {
    private static final int PAGE = 1_000;
    private static final String ROWS = "select id, created_at, body from public.article";

    private final Options options;
    private final PrintStream out;

    ScanBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    private record Article(long id, Timestamp createdAt, String body) {
        static Article of(ResultSet row) throws SQLException {
            return new Article(row.getLong(1), row.getTimestamp(2), row.getString(3));
        }
    }

    /** One of the two. */
    private interface Lap {
        /** Walks it; returns how many rows were counted. */
        long walk(HikariDataSource pool, JdbiPawl pawl) throws SQLException;
    }

    /** Returns whether the bar was met, if there is one. */
    boolean run(Database database) throws Exception {
        List<Double> byHand = new ArrayList<>();
        List<Double> scans = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            fill(pool);
            database.settle();
            for (int i = 0; i < options.warmUp(); i++) {
                round(pool, ScanBenchmark::loop);
                round(pool, ScanBenchmark::scan);
            }
            for (int i = 0; i < options.rounds(); i++) {
                boolean handFirst = i % 2 == 0;
                double first = round(pool, handFirst ? ScanBenchmark::loop : ScanBenchmark::scan);
                double second = round(pool, handFirst ? ScanBenchmark::scan : ScanBenchmark::loop);
                byHand.add(handFirst ? first : second);
                scans.add(handFirst ? second : first);
                ratios.add(scans.get(i) / byHand.get(i));
            }
            Database.execute(pool, "drop table public.article");
        }
        out.printf(Locale.ROOT, "%n### A lap over %,d rows, in pages of %,d%n%n", options.scan(), PAGE);
        out.printf(
                "| %-30s | %10s | %10s |%n|%s|%s:|%s:|%n",
                "", "rows/s", "x by hand", "-".repeat(32), "-".repeat(11), "-".repeat(11));
        out.printf(Locale.ROOT, "| %-30s | %,10.0f | %10.2f |%n", "loop written by hand", Figures.median(byHand), 1.0);
        double times = Figures.median(ratios);
        out.printf(Locale.ROOT, "| %-30s | %,10.0f | %10.2f |%n", "Pawl", Figures.median(scans), times);
        return meetsBar(times);
    }

    private boolean meetsBar(double times) {
        if (options.scanBar() == 0) {
            return true;
        }
        boolean met = times >= options.scanBar();
        out.printf(
                Locale.ROOT,
                "%nscan: a lap is %.2f times as fast as by hand, the bar is %.2f: %s%n",
                times,
                options.scanBar(),
                met ? "met" : "MISSED");
        return met;
    }

    private void fill(HikariDataSource pool) throws SQLException {
        Database.execute(
                pool,
                "drop schema if exists pawl cascade",
                "drop table if exists public.article",
                "create table public.article (id bigint primary key, created_at timestamptz not null, body text not null)",
                "insert into public.article select i, timestamptz '2026-01-01Z' + (i / 3) * interval '1 second',"
                        + " repeat(md5(cast(i as text)), 4) from generate_series(1, " + options.scan() + ") i",
                "create index on public.article (created_at desc, id desc)");
        PawlSchema.migrate(pool);
    }

    private double round(HikariDataSource pool, Lap lap) throws SQLException {
        Database.execute(
                pool,
                "truncate pawl.scan",
                "drop table if exists public.position",
                "create table public.position (name text primary key, created_at timestamptz, id bigint)",
                "insert into public.position values ('lap', 'infinity', 0)",
                "checkpoint");
        long rows;
        double seconds;
        try (JdbiPawl pawl = JdbiPawl.on(pool)) {
            long start = System.nanoTime();
            rows = lap.walk(pool, pawl);
            seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        }
        if (rows != options.scan()) {
            throw new IllegalStateException(rows + " of " + options.scan() + " rows were seen: the figures are void");
        }
        return rows / seconds;
    }

    private static long scan(HikariDataSource pool, JdbiPawl pawl) {
        AtomicLong rows = new AtomicLong();
        Scan scan = pawl.scan(
                        "lap",
                        SqlRows.select(ROWS)
                                .by(desc("created_at"), desc("id"))
                                .as((row, context) -> Article.of(row))
                                .pagesOf(PAGE))
                .inTransaction((page, handle) -> rows.addAndGet(page.rows().size()));
        Walked walked = scan.lap();
        if (!walked.wrapped()) {
            throw new IllegalStateException("the lap stopped: " + walked);
        }
        return rows.get();
    }

    private static long loop(HikariDataSource pool, JdbiPawl pawl) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement page = connection.prepareStatement(
                        ROWS + " where (created_at, id) < (?, ?) order by created_at desc, id desc limit " + PAGE);
                PreparedStatement move = connection.prepareStatement(
                        "update public.position set created_at = ?, id = ? where name = 'lap'")) {
            connection.setAutoCommit(false);
            long rows = 0;
            Timestamp createdAt = new Timestamp(253_402_300_799_000L);
            long id = 0;
            List<Article> read;
            do {
                page.setTimestamp(1, createdAt);
                page.setLong(2, id);
                read = read(page);
                rows += read.size();
                if (!read.isEmpty()) {
                    Article last = read.get(read.size() - 1);
                    createdAt = last.createdAt();
                    id = last.id();
                    move.setTimestamp(1, createdAt);
                    move.setLong(2, id);
                    move.executeUpdate();
                }
                connection.commit();
            } while (read.size() == PAGE);
            connection.setAutoCommit(true);
            return rows;
        }
    }

    private static List<Article> read(PreparedStatement page) throws SQLException {
        List<Article> articles = new ArrayList<>(PAGE);
        try (ResultSet rows = page.executeQuery()) {
            while (rows.next()) {
                articles.add(Article.of(rows));
            }
        }
        return articles;
    }
}
