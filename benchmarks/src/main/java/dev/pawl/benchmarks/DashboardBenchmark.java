package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardServer;
import dev.pawl.jdbc.JdbiPawl;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the dashboard costs beside {@linkplain EndedJobs jobs that have ended}: how long an overview takes, each answer asked anew, and by how
 * much open pages slow a drain down, half of them at the overview, and half at the active jobs. The pages are in
 * the same process, and what they cost it themselves counts, too.
 */
final class DashboardBenchmark {
    private static final int OVERVIEW_MILLIS = 50;
    private static final double KEPT = 0.95;

    /** A drain is to last for several of the intervals at which pages are told of changes. */
    private static final int LONGER = 10;

    private final Options options;
    private final PrintStream out;

    DashboardBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** In the database of the views' benchmark. Returns whether the bars were met, if they are asked for. */
    boolean run(Database database) throws Exception {
        try (HikariDataSource pool = database.pool(2 * Options.CONNECTIONS);
                JdbiPawl pawl = JdbiPawl.on(pool)) {
            double overview = overview(pawl);
            List<Double> alone = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int i = -options.warmUp(); i < options.rounds(); i++) {
                double watched = i % 2 == 0 ? watchedDrain(pawl, pool) : 0;
                double without = drain(pawl, pool);
                watched = watched == 0 ? watchedDrain(pawl, pool) : watched;
                if (i >= 0) {
                    alone.add(without);
                    ratios.add(watched / without);
                }
            }
            return meetsBars(overview, Figures.median(alone), Figures.median(ratios));
        }
    }

    private boolean meetsBars(double overview, double alone, double kept) {
        out.printf(
                Locale.ROOT,
                "%n### The dashboard beside %,d ended jobs%n%noverview: %.1f ms p50%n"
                        + "a drain of %,d jobs, watched by %d open pages, keeps %.3f of its %,.0f jobs/s%n",
                options.ended(),
                overview,
                LONGER * options.drain(),
                options.pages(),
                kept,
                alone);
        if (!options.dashboardBar()) {
            return true;
        }
        boolean met = overview <= OVERVIEW_MILLIS && kept >= KEPT;
        out.printf(Locale.ROOT, "the bars are %d ms and %.2f: %s%n", OVERVIEW_MILLIS, KEPT, met ? "met" : "MISSED");
        return met;
    }

    private double drain(JdbiPawl pawl, HikariDataSource pool) throws Exception {
        int jobs = LONGER * options.drain();
        WorkerDrain.enqueue(pawl, jobs);
        Database.execute(pool, "checkpoint");
        return WorkerDrain.rate(pawl, jobs, true);
    }

    private double watchedDrain(JdbiPawl pawl, HikariDataSource pool) throws Exception {
        HttpClient browser = HttpClient.newHttpClient();
        try (Dashboard dashboard =
                        Dashboard.of(pawl).requestsPerSecond(1_000_000).build();
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            CountDownLatch open = new CountDownLatch(options.pages());
            AtomicInteger told = new AtomicInteger();
            for (int i = 0; i < options.pages(); i++) {
                CompletableFuture<?> unused = browser.sendAsync(
                        request(server, "v1/events"),
                        HttpResponse.BodyHandlers.fromLineSubscriber(
                                new Page(browser, server, open, told, i % 2 == 0)));
            }
            if (!open.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(open.getCount() + " pages could not be opened");
            }
            double rate = drain(pawl, pool);
            if (told.get() <= options.pages() && options.rounds() > 1) {
                throw new IllegalStateException("the pages were told of no change: the figures are void");
            }
            return rate;
        }
    }

    private static HttpRequest request(DashboardServer server, String path) {
        URI uri = server.uri().resolve(path);
        return HttpRequest.newBuilder(uri).build();
    }

    /** By a dashboard that keeps answers for 50 ms, asked each 60. */
    private double overview(JdbiPawl pawl) throws IOException, InterruptedException {
        HttpClient browser = HttpClient.newHttpClient();
        try (Dashboard dashboard =
                        Dashboard.of(pawl).refresh(Duration.ofMillis(100)).build();
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            List<Double> millis = new ArrayList<>();
            for (int i = options.warmUp() > 0 ? -50 : 90; i < 100; i++) {
                long begin = System.nanoTime();
                HttpResponse<String> response =
                        browser.send(request(server, "v1/dashboard/overview"), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new IllegalStateException("the overview was answered " + response.statusCode());
                }
                if (i >= 0) {
                    millis.add((System.nanoTime() - begin) / 1_000_000.0);
                }
                TimeUnit.MILLISECONDS.sleep(60);
            }
            return Figures.median(millis);
        }
    }

    /** Asks for what it shows whenever it is told of a change: all for the overview, whose figures are in their frame, and some for their part. */
    private static final class Page implements Flow.Subscriber<String> {
        private final HttpClient browser;
        private final DashboardServer server;
        private final CountDownLatch open;
        private final AtomicInteger told;

        private final List<String> shown;

        Page(HttpClient browser, DashboardServer server, CountDownLatch open, AtomicInteger told, boolean active) {
            this.browser = browser;
            this.server = server;
            this.open = open;
            this.told = told;
            this.shown = active
                    ? List.of("v1/dashboard/overview", "v1/dashboard/job-progress")
                    : List.of("v1/dashboard/overview");
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            open.countDown();
        }

        @Override
        public void onNext(String line) {
            if (line.equals("event: changed")) {
                told.incrementAndGet();
                for (String path : shown) {
                    CompletableFuture<?> unused =
                            browser.sendAsync(request(server, path), HttpResponse.BodyHandlers.discarding());
                }
            }
        }

        @Override
        public void onError(Throwable closed) {
            // at the end of the round
        }

        @Override
        public void onComplete() {
            // at the end of the round
        }
    }
}
