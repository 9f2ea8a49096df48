package dev.pawl.browser;

import static dev.pawl.scan.KeyColumn.desc;

import dev.pawl.Actor;
import dev.pawl.browser.Recaps.Articles;
import dev.pawl.browser.Recaps.Kept;
import dev.pawl.browser.Recaps.Request;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import dev.pawl.testkit.TestTime;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * A day of a newsroom in a database, in a test's time: what ended in 23 hours, with failures; and, at its end, jobs in all conditions, which
 * stand still while they are looked at.
 */
final class Scenery implements AutoCloseable {
    static final String SCAN = "unsummarised-articles";
    private static final Actor ANN = Actor.user("ann");
    private static final Duration HOUR = Duration.ofHours(1);

    private final JdbiPawl pawl;
    /** A process that is about to stand still. */
    private final JdbiPawl stalling;

    private final TestTime time;
    private final DataSource database;
    private final Newsroom newsroom;
    private final List<Worker> workers = new ArrayList<>();

    Scenery(JdbiPawl pawl, TestTime time, DataSource database) {
        this.pawl = pawl;
        this.stalling = named("worker-1", database, time);
        this.time = time;
        this.database = database;
        this.newsroom = new Newsroom(time::advance);
    }

    private static JdbiPawl named(String process, DataSource database, TestTime time) {
        JdbiPawl.Settings settings =
                JdbiPawl.with(database).codec(new JacksonCodec()).name(process);
        ((Timed) settings).time(() -> Optional.of(time.now()));
        ((Timed) settings).unwarned();
        return settings.open();
    }

    /** Lets what is at the end of the day happen, without the day. */
    void playBriefly() {
        takenOver();
        present();
        elsewhere();
    }

    /** Lets it all happen. */
    void play() {
        Worker first = worker("worker-1", 1);
        for (int hour = 0; hour < 23; hour++) {
            Instant end = time.now().plus(HOUR);
            int recaps = 1 + (hour * 7 % 4) + (hour > 8 && hour < 18 ? 2 : 0);
            for (int i = 0; i < recaps; i++) {
                Request request = Request.of("2026-02-%02d.%d".formatted(1 + hour, i + 1));
                boolean breaks = hour % 6 == 4 && i == 0;
                enqueue(
                        breaks ? request.breakingAt("archive") : i == 1 ? request.breakingAt("health") : request,
                        i % 3 == 0);
                awaitQuiet();
            }
            if (time.now().isBefore(end)) {
                time.advance(Duration.between(time.now(), end));
            }
        }
        awaitQuiet();
        first.close();
        workers.clear();
        playBriefly();
    }

    private Worker worker(String name, int concurrency) {
        Worker worker = pawl.worker("recap")
                .name(name)
                .concurrency(concurrency)
                .lease(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .run(newsroom.recap())
                .run(newsroom.genre())
                .start();
        workers.add(worker);
        return worker;
    }

    private JobId enqueue(Request request, boolean byUser) {
        NewJob<Request> job = NewJob.of(Recaps.RECAP, request).key(request.day());
        return pawl.jobs().enqueue(byUser ? job.triggeredBy(ANN) : job).id();
    }

    /** A worker that stood still for too long: another one took its job over, and then it wrote. */
    private void takenOver() {
        enqueue(Request.of("2026-02-25").holdingAt("evidence").with("as asked"), true);
        ClaimedJob<Request> frozen =
                stalling.jobs().claim(Recaps.RECAP, 1, Duration.ofMinutes(5)).get(0);
        time.advance(Duration.ofSeconds(9));
        frozen.checkpoint(Recaps.FETCH, new Articles(1_240, List.of("https://example.org/a")));
        time.advance(Duration.ofMinutes(9));
        worker("worker-2", 6);
        await("the takeover", () -> isAt(frozen.id(), "evidence"));
        await("the refusal", () -> isRefused(frozen));
        time.advance(Duration.ofSeconds(20));
    }

    private static boolean isRefused(ClaimedJob<Request> superseded) {
        try {
            superseded.checkpoint(Recaps.PREPROCESS, new Kept(3));
            throw new IllegalStateException("a superseded holder could write");
        } catch (BusyException whileTheOtherWrites) {
            return false;
        } catch (RefusedException expected) {
            return true;
        }
    }

    private void present() {
        JobId split = enqueue(Request.of("2026-02-26").breakingAt("health").holdingAt("sports", "world"), false);
        await(
                "the split",
                () -> pawl.jobs()
                        .find(split)
                        .flatMap(job -> job.children())
                        .filter(counts -> counts.total() == Recaps.GENRES.size() && counts.open() == 2)
                        .isPresent());
        JobId running = enqueue(Request.of("2026-02-27").holdingAt("dedup"), false);
        await("the one at dedup", () -> isAt(running, "dedup"));
        JobId retrying = enqueue(Request.of("2026-02-28").breakingAt("select"), true);
        await("a failed attempt", () -> pawl.jobs().failures(retrying).size() == 1);
        JobId cancelled = pawl.jobs()
                .enqueue(NewJob.of(Recaps.RECAP, Request.of("2026-03-01")).after(Duration.ofHours(5)))
                .id();
        pawl.jobs().cancel(cancelled, ANN);
        time.advance(Duration.ofSeconds(40));
    }

    /** A queue that is paused and a scan that fails. */
    private void elsewhere() {
        for (int i = 1; i <= 12; i++) {
            pawl.jobs()
                    .enqueue(NewJob.of(Recaps.RECAP, Request.of("2026-01-%02d".formatted(i)))
                            .key("2026-01-%02d".formatted(i))
                            .queue("digest"));
        }
        pawl.jobs().pause("digest", ANN);
        sql("create table if not exists article (id uuid primary key default gen_random_uuid(), body text not null)");
        sql("truncate article");
        sql("insert into article (id, body) select cast(lpad(to_hex(n), 32, '0') as uuid), 'text ' || n"
                + " from generate_series(1, 500) n");
        SqlRows<Article> rows = SqlRows.select("select a.id, a.body from article a")
                .by(desc("id"))
                .as(Article.class)
                .pagesOf(120);
        stalling.scan(SCAN, rows)
                .retry(RetryPolicy.never())
                .atLeastOnce(page -> {
                    if (page.rows().stream().anyMatch(article -> article.body().equals("text 250"))) {
                        throw new IllegalStateException(
                                "no summary of 'text 250': the model answered 429 Too Many Requests");
                    }
                })
                .lap();
        time.advance(Duration.ofMinutes(3));
    }

    public record Article(UUID id, String body) {}

    /** Puts something into the database that must not be: an audit finds it, and it can be repaired. */
    void damage() {
        sql("update pawl.job set open_children = open_children + 1 where children > 0 and status = 'WAITING'");
    }

    void sql(String statement) {
        try (Connection connection = database.getConnection();
                Statement made = connection.createStatement()) {
            made.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    /** The job of that key in the queue of recaps. */
    JobSummary job(String key) {
        return pawl.views().jobs(JobFilter.all().queue("recap"), 500).rows().stream()
                .filter(job -> job.key().equals(Optional.of(key)))
                .findFirst()
                .orElseThrow();
    }

    private boolean isAt(JobId id, String stage) {
        return pawl.jobs()
                .find(id)
                .filter(job -> job.status() == JobStatus.RUNNING && job.stage().equals(Optional.of(stage)))
                .isPresent();
    }

    /** Until nothing runs, is due, or waits for children: only for a retry. */
    private void awaitQuiet() {
        Set<JobStatus> open = EnumSet.of(JobStatus.PENDING, JobStatus.RUNNING, JobStatus.WAITING);
        await(
                "the end of what runs",
                () -> pawl
                        .views()
                        .jobs(JobFilter.all().queue("recap").status(open.toArray(JobStatus[]::new)), 100)
                        .rows()
                        .stream()
                        .allMatch(job -> job.status() == JobStatus.WAITING
                                && job.dueAt()
                                        .filter(due -> due.isAfter(time.now()))
                                        .isPresent()));
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }

    @Override
    public void close() {
        newsroom.close();
        workers.forEach(Worker::close);
        stalling.close();
    }
}
