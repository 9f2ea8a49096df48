package dev.pawl.docs.guide;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Running;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Scans;
import dev.pawl.scan.SkippedPage;
import dev.pawl.scan.Walked;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@PawlTest
class ScansTest {
    private static final Logger log = LoggerFactory.getLogger(ScansTest.class);
    private static final Duration SOON = Duration.ofSeconds(60);

    // tag::rows[]
    public record Article(UUID id, Instant createdAt, String body) {}

    /** Newest first. */
    static final SqlRows<Article> UNSUMMARISED = SqlRows.select(
                    "select a.id, a.created_at, a.body from article a where a.summary is null")
            .by(desc("created_at"), desc("id"))
            .as(Article.class)
            .pagesOf(200);
    // end::rows[]

    interface Summariser {
        String summarise(String text);
    }

    @BeforeEach
    void articles(DataSource dataSource) {
        Jdbi.create(dataSource).useHandle(handle -> {
            handle.createScript("""
                    create table if not exists article (
                        id          uuid         primary key default gen_random_uuid(),
                        created_at  timestamptz  not null default now(),
                        body        text         not null,
                        summary     text,
                        vector      integer
                    );
                    truncate article;
                    """).execute();
            // tag::index[]
            handle.execute(
                    "create index if not exists article_unsummarised on article (created_at, id) where summary is null");
            // end::index[]
            handle.execute("insert into article (body) select 'text ' || n from generate_series(1, 500) n");
        });
    }

    // tag::scan[]
    static Scan scan(JdbiPawl pawl, Summariser summariser) {
        return pawl.scan("unsummarised-articles", UNSUMMARISED).inTransaction((page, handle) -> {
            PreparedBatch update = handle.prepareBatch("update article set summary = :summary where id = :id");
            for (Article article : page.rows()) {
                update.bind("id", article.id())
                        .bind("summary", summariser.summarise(article.body()))
                        .add();
            }
            update.execute();
        });
    }
    // end::scan[]

    @Test
    void rows_and_cursor_move_in_one_commit_lap_after_lap(JdbiPawl pawl, DataSource dataSource) {
        Scan scan = scan(pawl, text -> "short " + text);

        // tag::lap[]
        Walked walked = scan.lap(); // 3 pages, 500 rows, WRAPPED
        log.info("{}: {}", scan, walked);
        // end::lap[]

        assertThat(walked).hasToString("3 pages, 500 rows, WRAPPED");
        assertThat(count(dataSource, "summary is null")).isZero();

        Jdbi.create(dataSource)
                .useHandle(handle -> handle.execute("update article set summary = null where body = 'text 500'"));
        assertThat(scan.lap().rows()).isEqualTo(1);
    }

    @Test
    void a_scan_runs_by_itself_and_at_once_when_nudged(JdbiPawl pawl, DataSource dataSource) {
        // tag::every[]
        try (Running scanning = scan(pawl, text -> "short " + text).every(Duration.ofMinutes(5))) {
            // … for as long as the service runs, in as many processes as there are
            // end::every[]
            await().atMost(SOON).until(() -> count(dataSource, "summary is null") == 0);
            Jdbi.create(dataSource).useHandle(handle -> handle.execute("insert into article (body) values ('new')"));
            // tag::nudge[]
            pawl.scans().nudge("unsummarised-articles"); // an article was stored
            // end::nudge[]
            await().atMost(SOON).until(() -> count(dataSource, "summary is null") == 0);
            assertThat(scanning.toString()).contains("unsummarised-articles");
        }
    }

    @Test
    void at_least_once(JdbiPawl pawl) {
        List<Article> sent = new ArrayList<>();
        Mailer mailer = sent::add;
        // tag::at-least-once[]
        Scan mailing = pawl.scan("mailed-articles", UNSUMMARISED).atLeastOnce(page -> {
            for (Article article : page.rows()) {
                mailer.send(article); // may be sent twice after a crash, so it should bear that
            }
        });
        // end::at-least-once[]
        assertThat(mailing.lap().rows()).isEqualTo(500);
        assertThat(sent).hasSize(500).doesNotHaveDuplicates();
    }

    interface Mailer {
        void send(Article article);
    }

    @Test
    void a_page_that_fails_is_shown_and_skipped_by_decision_only(JdbiPawl pawl) {
        Scan scan = pawl.scan("poisoned", UNSUMMARISED)
                .retry(RetryPolicy.never())
                .atLeastOnce(page -> {
                    if (page.rows().size() == 200 && page.lap() == 1) {
                        throw new IllegalStateException("no summary of this");
                    }
                });
        assertThat(scan.lap().stop()).isEqualTo(Walked.Stop.FAILED);
        Scans scans = pawl.scans();
        // tag::failing[]
        ScanState state = scans.find("poisoned").orElseThrow();
        FailedPage page = state.failed().orElseThrow();
        log.info("{}", page); // page of 200 rows at the start in lap 1 of scan poisoned, 1 attempt since …: …
        scans.skip(page, Actor.user("ann")); // its 200 rows are not handled in this lap
        // end::failing[]

        assertThat(page.failing()).isTrue();
        assertThat(page.toString())
                .startsWith("page of 200 rows at the start in lap 1 of scan poisoned, 1 attempt since ");
        assertThat(scans.skipped("poisoned")).extracting(SkippedPage::by).containsExactly(Actor.user("ann"));
        assertThat(scans.find("poisoned").orElseThrow().lap().cursor()).isPresent();
    }

    @Test
    void a_handling_is_tried_without_a_database() {
        // tag::in-memory[]
        List<Article> articles = List.of(
                new Article(UUID.randomUUID(), Instant.parse("2026-02-16T08:00:00Z"), "rain"),
                new Article(UUID.randomUUID(), Instant.parse("2026-02-16T09:00:00Z"), "sun"));
        InMemoryPawl pawl = InMemoryPawl.create();
        MemoryRows<Article> rows = MemoryRows.of(() -> articles)
                .by(desc("created_at"), Article::createdAt)
                .by(desc("id"), Article::id)
                .pagesOf(1);
        List<String> seen = new ArrayList<>();

        Walked walked = pawl.scan("articles", rows)
                .atLeastOnce(page -> seen.add(page.rows().get(0).body()))
                .lap();

        assertThat(seen).containsExactly("sun", "rain");
        assertThat(walked.wrapped()).isTrue();
        // end::in-memory[]
    }

    // tag::backfill-pipeline[]
    record Range(Instant from, Instant to) {}

    static final Stage<Long> VECTORS = Stage.named("vectors", Long.class);
    static final Pipeline<Range, Long> REINDEX =
            Pipeline.named("reindex", Range.class).then(VECTORS);
    // end::backfill-pipeline[]

    // tag::backfill[]
    static Handlers<Range> reindex(JdbiPawl pawl) {
        return Handlers.of(REINDEX)
                .on(
                        VECTORS,
                        pawl.backfill(
                                attempt -> SqlRows.select("select a.id, a.created_at, a.body from article a"
                                                + " where a.created_at between :from and :to")
                                        .bind("from", attempt.payload().from())
                                        .bind("to", attempt.payload().to())
                                        .by(asc("created_at"), asc("id"))
                                        .as(Article.class),
                                (attempt, page, handle) -> {
                                    PreparedBatch update =
                                            handle.prepareBatch("update article set vector = :vector where id = :id");
                                    page.rows()
                                            .forEach(article -> update.bind("id", article.id())
                                                    .bind(
                                                            "vector",
                                                            article.body().hashCode())
                                                    .add());
                                    update.execute();
                                },
                                rows -> done(rows)));
    }
    // end::backfill[]

    @Test
    @SuppressWarnings("try") // a worker works by being open
    void a_backfill_is_a_stage(JdbiPawl pawl, DataSource dataSource) throws InterruptedException {
        try (Worker worker = pawl.worker("reindex").run(reindex(pawl)).start()) {
            JobId id = pawl.jobs()
                    .enqueue(NewJob.of(REINDEX, new Range(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))))
                    .id();
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(pawl.jobs().result(id, REINDEX)).contains(500L);
        }
        assertThat(count(dataSource, "vector is null")).isZero();
    }

    private static int count(DataSource dataSource, String where) {
        return Jdbi.create(dataSource)
                .withHandle(handle -> handle.select("select count(*) from article where " + where)
                        .mapTo(Integer.class)
                        .one());
    }
}
