package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardServer;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * What the dashboard costs: how long an overview takes beside jobs that have ended, each answer asked anew, and by how much open pages, each of
 * which asks for the overview and the active jobs whenever it is told of a change, slow a drain down. The pages are in the same process, and
 * what they cost it themselves counts, too.
 */
public final class DashboardBenchmark {
    private static final Pipeline<Json, Void> DRAIN =
            Pipeline.named("drain", Json.class).then(Stage.named("only", Void.class));
    private static final int AT_ONCE = 1_000;

    private final int jobs;
    private final int rounds;
    private final int warmUp;
    private final int pages;
    private final PrintStream out;

    private DashboardBenchmark(int jobs, int rounds, int warmUp, int pages, PrintStream out) {
        this.jobs = jobs;
        this.rounds = rounds;
        this.warmUp = warmUp;
        this.pages = pages;
        this.out = out;
    }

    /** Jobs of a round, rounds, rounds of warming up, open pages; 400 1 0 5 is a smoke. */
    public static void main(String[] args) throws Exception {
        String words = String.join(" ", args).trim();
        int[] numbers = Arrays.stream((words.isEmpty() ? "20000 10 8 50" : words).split("\\s+", 4))
                .mapToInt(Integer::parseInt)
                .toArray();
        new DashboardBenchmark(numbers[0], numbers[1], numbers[2], numbers[3], System.out).run();
    }

    private void run() throws Exception {
        try (Database database = Database.start();
                HikariDataSource pool = database.pool(2 * Options.CONNECTIONS)) {
            Database.execute(pool, "drop schema if exists pawl cascade");
            PawlSchema.migrate(pool);
            try (JdbiPawl pawl = JdbiPawl.on(pool)) {
                double[] alone = new double[rounds];
                double[] watched = new double[rounds];
                for (int i = -warmUp; i < rounds; i++) {
                    double without = drain(database, pawl);
                    double with = watchedDrain(database, pawl);
                    if (i >= 0) {
                        alone[i] = without;
                        watched[i] = with;
                    }
                }
                pawl.housekeeping().once();
                out.printf(
                        Locale.ROOT,
                        "drain of %,d jobs, median of %d: %,.0f jobs/s, with %d open pages %,.0f (%.3f of it; the bar is 0.95)%n",
                        jobs,
                        rounds,
                        median(alone),
                        pages,
                        median(watched),
                        median(watched) / median(alone));
                out.printf(
                        Locale.ROOT,
                        "overview beside %,d ended jobs: %.1f ms p50 (the bar is 50)%n",
                        Database.count(pool, "select count(*) from pawl.job where ended_at is not null"),
                        overview(pawl));
            }
        }
    }

    private double drain(Database database, JdbiPawl pawl) throws Exception {
        NewJob<Json> job = NewJob.of(DRAIN, Json.of("{\"n\":1}"));
        for (int left = jobs; left > 0; left -= AT_ONCE) {
            pawl.jobs().enqueueAll(Collections.nCopies(Math.min(left, AT_ONCE), job));
        }
        database.settle();
        CountDownLatch ends = new CountDownLatch(jobs);
        long begin = System.nanoTime();
        try (Worker worker = pawl.worker("drain")
                .run(Handlers.of(DRAIN).on(Stage.named("only", Void.class), attempt -> {
                    ends.countDown();
                    return Outcome.done();
                }))
                .concurrency(Options.THREADS)
                .start()) {
            if (!ends.await(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException(ends.getCount() + " ends are missing; " + worker.held() + " are held");
            }
        }
        return jobs / ((System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private double watchedDrain(Database database, JdbiPawl pawl) throws Exception {
        HttpClient browser = HttpClient.newHttpClient();
        try (Dashboard dashboard =
                        Dashboard.of(pawl).requestsPerSecond(1_000_000).build();
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            CountDownLatch open = new CountDownLatch(pages);
            for (int i = 0; i < pages; i++) {
                CompletableFuture<?> unused = browser.sendAsync(
                        request(server, "v1/events"),
                        HttpResponse.BodyHandlers.fromLineSubscriber(new Page(browser, server, open)));
            }
            if (!open.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(open.getCount() + " pages could not be opened");
            }
            return drain(database, pawl);
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
            double[] millis = new double[100];
            for (int i = -20; i < millis.length; i++) {
                long begin = System.nanoTime();
                HttpResponse<String> response =
                        browser.send(request(server, "v1/dashboard/overview"), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new IllegalStateException("the overview was answered " + response.statusCode());
                }
                millis[Math.max(0, i)] = (System.nanoTime() - begin) / 1_000_000.0;
                TimeUnit.MILLISECONDS.sleep(60);
            }
            return median(millis);
        }
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Asks for what it shows whenever it is told of a change. */
    private static final class Page implements Flow.Subscriber<String> {
        private final HttpClient browser;
        private final DashboardServer server;
        private final CountDownLatch open;

        Page(HttpClient browser, DashboardServer server, CountDownLatch open) {
            this.browser = browser;
            this.server = server;
            this.open = open;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            open.countDown();
        }

        @Override
        public void onNext(String line) {
            if (line.equals("event: changed")) {
                for (String path : List.of("v1/dashboard/overview", "v1/dashboard/job-progress")) {
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
