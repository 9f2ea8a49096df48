package dev.pawl.benchmarks;

import static dev.pawl.job.Outcome.done;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.WorkerListener;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to be a child: the same number of trivial jobs as jobs of their own, as children of one parent, and as children
 * of many. The clock runs from when all the children are there, and claimable, until the last of them has ended, and their
 * parents with them.
 */
final class FanOutBenchmark {
    private static final int NARROW = 100;
    private static final int ENQUEUED_AT_ONCE = 1_000;
    private static final int MINUTES = 10;
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Stage<Void> SPREAD = Stage.named("spread");
    private static final Pipeline<Json, Void> LEAF =
            Pipeline.named("leaf", Json.class).then(ONLY);
    private static final Pipeline<Json, Void> PARENT =
            Pipeline.named("parent", Json.class).then(SPREAD);
    private static final String QUEUE = "fan-out";

    private final Options options;
    private final PrintStream out;

    FanOutBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** How the same number of leaves hang together. */
    private enum Shape {
        INDEPENDENT("jobs of their own"),
        NARROW_FANS(NARROW + " children a parent"),
        ONE_FAN("children of one parent");

        private final String words;

        Shape(String words) {
            this.words = words;
        }

        int parents(int leaves) {
            return switch (this) {
                case INDEPENDENT -> 0;
                case NARROW_FANS -> Math.max(1, leaves / NARROW);
                case ONE_FAN -> 1;
            };
        }
    }

    /** Returns whether the bars were met, if there are any. */
    boolean run(Database database) throws Exception {
        Map<Shape, List<Double>> rates = new EnumMap<>(Shape.class);
        List<Shape> shapes = new ArrayList<>(List.of(Shape.values()));
        for (int i = -options.warmUp(); i < options.rounds(); i++) {
            for (Shape shape : shapes) {
                double rate = round(database, shape, options.fanOut());
                if (i >= 0) {
                    rates.computeIfAbsent(shape, its -> new ArrayList<>()).add(rate);
                }
            }
            Collections.rotate(shapes, 1);
        }
        out.printf(Locale.ROOT, "%n### Fan-out of %,d trivial jobs%n%n", options.fanOut());
        out.printf(
                "| %-30s | %10s | %14s |%n|%s|%s:|%s:|%n",
                "leaves", "leaves/s", "x independent", "-".repeat(32), "-".repeat(11), "-".repeat(15));
        for (Shape shape : Shape.values()) {
            out.printf(
                    Locale.ROOT,
                    "| %-30s | %,10.0f | %14.2f |%n",
                    shape.words,
                    Figures.median(of(rates, shape)),
                    ratio(rates, shape, Shape.INDEPENDENT));
        }
        return meetsBars(rates);
    }

    private boolean meetsBars(Map<Shape, List<Double>> rates) {
        if (options.fanOutBar() == 0) {
            return true;
        }
        double children = ratio(rates, Shape.ONE_FAN, Shape.INDEPENDENT);
        double cost = ratio(rates, Shape.NARROW_FANS, Shape.ONE_FAN);
        boolean met = children >= options.fanOutBar() && cost <= Options.COST_BAR;
        out.printf(
                Locale.ROOT,
                "%nfan-out: children of one parent end %.2f times as fast as jobs of their own, the bar is %.2f; one costs %.2f times what"
                        + " it does among %d, the bar is %.2f: %s%n",
                children,
                options.fanOutBar(),
                cost,
                NARROW,
                Options.COST_BAR,
                met ? "met" : "MISSED");
        return met;
    }

    /** The median of the rounds' ratios, as for contenders. */
    private static double ratio(Map<Shape, List<Double>> rates, Shape shape, Shape other) {
        List<Double> its = of(rates, shape);
        List<Double> others = of(rates, other);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < its.size(); i++) {
            ratios.add(its.get(i) / others.get(i));
        }
        return Figures.median(ratios);
    }

    private static List<Double> of(Map<Shape, List<Double>> rates, Shape shape) {
        return rates.getOrDefault(shape, List.of());
    }

    private double round(Database database, Shape shape, int leaves) throws Exception {
        int parents = shape.parents(leaves);
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            Database.execute(pool, "drop schema if exists pawl cascade");
            PawlSchema.migrate(pool);
            prepare(pool, parents, leaves);
            database.settle();
            CountDownLatch ends = new CountDownLatch(leaves + parents);
            long start = System.nanoTime();
            double seconds;
            try (JdbiPawl pawl = JdbiPawl.on(pool)) {
                start(pawl, parents, leaves, ends);
                if (!ends.await(MINUTES, TimeUnit.MINUTES)) {
                    throw new IllegalStateException(
                            ends.getCount() + " ends are missing after " + MINUTES + " minutes");
                }
                seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            }
            int done = Database.count(pool, "select count(*) from pawl.job where status = 'COMPLETED'");
            if (done != leaves + parents) {
                throw new IllegalStateException(shape.words + ": " + done + " of " + (leaves + parents)
                        + " jobs were done: the figures are void");
            }
            return leaves / seconds;
        }
    }

    /** Enqueues the leaves, or the parents and has them start theirs. */
    private static void prepare(HikariDataSource pool, int parents, int leaves) throws Exception {
        NewJob<Json> job =
                NewJob.of(parents == 0 ? LEAF : PARENT, Json.of("{}")).queue(QUEUE);
        try (JdbiPawl pawl = JdbiPawl.on(pool)) {
            for (int left = parents == 0 ? leaves : parents; left > 0; left -= ENQUEUED_AT_ONCE) {
                pawl.jobs().enqueueAll(Collections.nCopies(Math.min(left, ENQUEUED_AT_ONCE), job));
            }
            if (parents > 0) {
                CountDownLatch started = new CountDownLatch(parents);
                pawl.worker(QUEUE)
                        .run(parent(leaves / parents))
                        .concurrency(Options.THREADS)
                        .listener(new WorkerListener() {
                            @Override
                            public void fannedOut(JobId id, String stage, int children) {
                                started.countDown();
                            }
                        })
                        .start();
                if (!started.await(MINUTES, TimeUnit.MINUTES)) {
                    throw new IllegalStateException(started.getCount() + " parents have not started their children");
                }
            }
        }
    }

    private static void start(JdbiPawl pawl, int parents, int leaves, CountDownLatch ends) {
        pawl.worker(QUEUE)
                .run(Handlers.of(LEAF).on(ONLY, attempt -> done()))
                .run(parent(parents == 0 ? 0 : leaves / parents))
                .concurrency(Options.THREADS)
                .listener(new WorkerListener() {
                    @Override
                    public void ended(JobId job, JobStatus as) {
                        ends.countDown();
                    }
                })
                .start();
    }

    private static Handlers<Json> parent(int children) {
        Map<String, Json> payloads = new LinkedHashMap<>();
        for (int i = 0; i < children; i++) {
            payloads.put("child-" + i, Json.of("{}"));
        }
        return Handlers.of(PARENT)
                .fanOut(SPREAD)
                .into(LEAF, attempt -> payloads)
                .join((attempt, ended) -> done());
    }
}
