package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Measures all contenders at all workloads, and Pawl at fan-outs, scans, named leases and views, prints a table of each, and fails if a job was lost or a bar missed. */
public final class Benchmarks {
    private final Options options;
    private final PrintStream out;

    Benchmarks(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.stream(String.join(" ", args).trim().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        boolean met = new Benchmarks(Options.of(words), System.out).run();
        if (!met) {
            System.exit(1);
        }
    }

    boolean run() throws Exception {
        boolean met = true;
        try (Database database = Database.start()) {
            out.printf(
                    Locale.ROOT,
                    "PostgreSQL %s, Java %s, %d processors, %d threads, %d connections, median of %d%n%s%n",
                    database.version(),
                    Runtime.version().feature(),
                    Runtime.getRuntime().availableProcessors(),
                    Options.THREADS,
                    Options.CONNECTIONS,
                    options.rounds(),
                    Database.settings());
            for (Workload workload : options.workloads()) {
                Figures figures = measure(database, workload);
                out.print(figures.table());
                met &= meetsBar(figures, workload);
            }
            if (options.fanOut() > 0) {
                met &= new FanOutBenchmark(options, out).run(database);
            }
            if (options.scan() > 0) {
                met &= new ScanBenchmark(options, out).run(database);
            }
            if (options.leases() > 0) {
                met &= new LeaseBenchmark(options, out).run(database);
            }
            if (options.ended() > 0) {
                met &= new ViewBenchmark(options, out).run(database);
                met &= options.pages() == 0 || new DashboardBenchmark(options, out).run(database);
            }
            if (options.retention() > 0) {
                met &= new RetentionBenchmark(options, out).run(database);
            }
        }
        return met;
    }

    private Figures measure(Database database, Workload workload) throws Exception {
        List<Contender> contenders = new ArrayList<>(Contenders.all());
        contenders.removeIf(contender -> !contender.name().contains(options.only()));
        Figures figures = new Figures(workload);
        for (Contender contender : contenders) {
            figures.announce(contender.name());
        }
        for (int i = -options.warmUp(); i < options.rounds(); i++) {
            for (Contender contender : contenders) {
                Figures.Round round = round(database, contender, workload);
                if (i >= 0) {
                    figures.add(contender.name(), round);
                }
            }
            Collections.rotate(contenders, 1);
        }
        return figures;
    }

    private Figures.Round round(Database database, Contender contender, Workload workload) throws Exception {
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            contender.prepare(pool, workload);
            database.settle();
            long wal = database.wal();
            long start = System.nanoTime();
            AutoCloseable open = contender.run(pool, workload, Options.THREADS);
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            wal = database.wal() - wal;
            open.close();
            int done = contender.completed(pool, workload);
            if (done != workload.jobs()) {
                throw new IllegalStateException(
                        contender.name() + " did " + done + " of " + workload.jobs() + " jobs: its figures are void");
            }
            return new Figures.Round(workload.steps() / seconds, (double) wal / workload.jobs());
        }
    }

    private boolean meetsBar(Figures figures, Workload workload) {
        if (options.bar() == 0) {
            return true;
        }
        double times = figures.ratio(Contenders.PAWL, Contenders.PEER);
        boolean met = times >= options.bar();
        out.printf(
                Locale.ROOT,
                "%n%s: Pawl is %.2f times db-scheduler, the bar is %.2f: %s%n",
                workload.name(),
                times,
                options.bar(),
                met ? "met" : "MISSED");
        return met;
    }
}
