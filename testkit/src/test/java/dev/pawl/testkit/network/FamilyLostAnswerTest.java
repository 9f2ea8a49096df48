package dev.pawl.testkit.network;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.testkit.fanout.Counters;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection is cut at the very commits that end children. Each end is repeated, and counts once. */
@PawlTest
class FamilyLostAnswerTest {
    private static final Stage<Void> READ = Stage.named("read");
    private static final Pipeline<String, Void> PAGE =
            Pipeline.named("page", String.class).then(READ);
    private static final Stage<String> BIND = Stage.named("bind", String.class);
    private static final Stage<Void> SHELVE = Stage.named("shelve");
    private static final Pipeline<String, Void> BOOK =
            Pipeline.named("book", String.class).then(BIND).then(SHELVE);
    private static final Map<String, String> PAGES = Map.of("1", "one", "2", "two", "3", "three", "4", "four");

    private final Told told = new Told();
    private JdbiPawl pawl;
    private PostgresProxy network;
    private Jdbi sql;

    @BeforeEach
    void open(JdbiPawl pawl, PostgresProxy network, DataSource direct) {
        this.pawl = pawl;
        this.network = network;
        this.sql = Jdbi.create(direct);
    }

    @Test
    void the_answer_to_each_childs_completion_is_lost() throws InterruptedException {
        JobId id = run(page -> {
            network.cutAfterCommitOf(Sql.COUNT_DOWN);
            return done();
        });

        assertJoinedOnce(id, new Children.Counts(4, 0, 0, 0));
    }

    @Test
    void each_childs_completion_is_lost_before_its_commit() throws InterruptedException {
        JobId id = run(page -> {
            network.cutBeforeCommitOf(Sql.COUNT_DOWN);
            return done();
        });

        assertJoinedOnce(id, new Children.Counts(4, 0, 0, 0));
    }

    @Test
    void the_answer_to_each_childs_failure_is_lost() throws InterruptedException {
        JobId id = run(page -> {
            network.cutAfterCommitOf(Sql.COUNT_DOWN);
            return failed("torn");
        });

        assertJoinedOnce(id, new Children.Counts(4, 0, 4, 0));
    }

    /** One child after the other, so that each end is a commit of its own. */
    private JobId run(Function<Attempt<String>, Outcome<Void>> page) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(BOOK, "b").queue("books")).id();
        try (Worker worker = pawl.worker("books")
                .run(Handlers.of(PAGE).retrying(RetryPolicy.never()).on(READ, page::apply))
                .run(Handlers.of(BOOK)
                        .fanOut(BIND)
                        .into(PAGE, job -> PAGES)
                        .join(
                                FanIn.tolerating(4),
                                (job, pages) -> done(pages.counts().toString()))
                        .on(SHELVE, job -> done()))
                .concurrency(1)
                .prefetch(0)
                .pollInterval(Duration.ofMillis(50))
                .listener(told)
                .start()) {
            pawl.jobs().await(id, Duration.ofMinutes(1));
            await().until(() -> worker.held() == 0);
        }
        assertThat(network.cutsToCome()).isZero();
        return id;
    }

    private void assertJoinedOnce(JobId id, Children.Counts counts) {
        JobSnapshot book = pawl.jobs().find(id).orElseThrow();
        assertThat(book.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.jobs().result(id, BOOK, BIND)).contains(counts.toString());
        assertThat(told.storeFailures()).hasSize(4);
        assertThat(told.all()).filteredOn("checkpointed bind"::equals).hasSize(1);
        assertThat(told.all()).filteredOn(line -> line.startsWith("refused")).isEmpty();
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(Counters.wrong(sql)).isEmpty();
    }
}
