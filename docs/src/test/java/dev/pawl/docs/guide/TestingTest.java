package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.PUBLISH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;
import static dev.pawl.docs.guide.FanOutTest.EDITION;
import static dev.pawl.docs.guide.FanOutTest.ORDER;
import static dev.pawl.docs.guide.FanOutTest.PRINT;
import static dev.pawl.docs.guide.FanOutTest.TRANSLATE;
import static dev.pawl.job.Outcome.done;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.InMemoryTransaction;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.testkit.StepWorker;
import dev.pawl.testkit.TestTime;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a worker works by being open
// tag::class[]
@PawlTest
class TestingTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    private final Newsroom newsroom = new Newsroom();
    private final Handlers<Request> digest = GettingStartedTest.digest(newsroom);

    @Test
    void a_digest_is_published(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        pawl.stepWorker("worker-1", digest).untilIdle();

        assertThat(pawl.job(id)).isCompleted();
        assertThat(newsroom.published()).containsExactly("Rain on 2026-02-16; Sun after the rain");
    }
    // end::class[]

    // tag::crash[]
    @Test
    void a_digest_survives_the_death_of_its_worker(InMemoryPawl pawl, TestTime time) {
        // given
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        StepWorker first = pawl.stepWorker("worker-1", digest);
        StepWorker second = pawl.stepWorker("worker-2", digest);
        first.stage(); // fetch
        first.crash();

        // when
        time.advance(Duration.ofSeconds(31));
        second.claim();

        // then
        assertThat(pawl.job(id)).isRunning().isAtStage(SUMMARISE).isHeldBy("worker-2");
        second.untilIdle();
        assertThat(pawl.job(id)).isCompleted();
    }
    // end::crash[]

    // tag::zombie[]
    @Test
    void a_slow_worker_overwrites_nothing(InMemoryPawl pawl, TestTime time) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        StepWorker slow = pawl.stepWorker("slow", digest);
        StepWorker next = pawl.stepWorker("next", digest);
        slow.claim();
        slow.runHandler(); // and is frozen before it can record

        time.advance(Duration.ofSeconds(31));
        next.stage();

        assertThatThrownBy(slow::record).isInstanceOf(LeaseLostException.class).hasMessageContaining("next");
        assertThat(pawl.job(id)).isAtStage(SUMMARISE);
    }
    // end::zombie[]

    // tag::one-stage[]
    @Test
    void fetch_brings_what_the_newsroom_has(InMemoryPawl pawl) {
        pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY));
        StepWorker worker = pawl.stepWorker("worker-1", digest);

        worker.claim();
        Outcome<?> outcome = worker.runHandler();

        assertThat(outcome).isEqualTo(done(newsroom.fetch(TODAY)));
    }
    // end::one-stage[]

    // tag::children[]
    @Test
    void an_edition_waits_for_its_translations(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        StepWorker printer = pawl.stepWorker("printer", FanOutTest.edition());
        StepWorker translator =
                pawl.stepWorkerOn("edition", "translator", FanOutTest.translation(FanOutTest::translate));

        printer.stage(); // the children are started
        assertThat(pawl.job(id))
                .isWaiting()
                .isAtStage(TRANSLATE)
                .isHeldByNobody()
                .hasOpenChildren(3);

        translator.untilIdle();
        assertThat(pawl.job(id)).isAtStage(TRANSLATE).hasOpenChildren(0).hasFailedChildren(0);

        printer.stage(); // they are joined
        assertThat(pawl.job(id)).isAtStage(PRINT);
    }
    // end::children[]

    // tag::faults[]
    @Test
    void an_answer_that_was_lost_is_asked_for_again(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        StepWorker worker = pawl.stepWorker("worker-1", digest);
        pawl.faults().failAfterCommit();

        worker.stage();

        assertThat(pawl.job(id)).isAtStage(SUMMARISE);
    }
    // end::faults[]

    // tag::outage[]
    @Test
    void an_outage_delays_a_digest(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        StepWorker worker = pawl.stepWorker("worker-1", digest);

        pawl.faults().unreachable();
        assertThatThrownBy(worker::claim).isInstanceOf(StoreException.class);

        pawl.faults().reachable();
        worker.untilIdle();
        assertThat(pawl.job(id)).isCompleted();
    }
    // end::outage[]

    // tag::replacing[]
    @Test
    void a_digest_that_can_not_be_published_is_tried_again(InMemoryPawl pawl, TestTime time) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        Handlers<Request> withoutPress = digest.replacing(PUBLISH, job -> {
            throw new IOException("the press is away");
        });
        pawl.stepWorker("worker-1", withoutPress).untilIdle();

        time.advanceToNextEvent(); // the next try
        pawl.stepWorker("worker-2", digest).untilIdle();

        assertThat(pawl.job(id)).isCompleted();
        assertThat(pawl.jobs().failures(id)).hasSize(1);
    }
    // end::replacing[]

    // tag::transaction[]
    @Test
    void nothing_is_enqueued_for_what_is_rolled_back(InMemoryPawl pawl) {
        JobId id;
        try (InMemoryTransaction transaction = pawl.begin()) {
            id = transaction.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
            transaction.rollback(); // or commit()
        }

        assertThat(pawl.jobs().find(id)).isEmpty();
    }
    // end::transaction[]

    // tag::postgres[]
    @Test
    void a_digest_is_stored(JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        try (Worker worker = pawl.worker("digest").run(digest).start()) {
            assertThat(pawl.jobs().await(id, Duration.ofMinutes(1))).isCompleted();
        }
    }
    // end::postgres[]

    // tag::network[]
    @Test
    void a_digest_is_stored_once_though_the_answer_was_lost(JdbiPawl pawl, PostgresProxy network, DataSource dataSource)
            throws InterruptedException {
        Jdbi sql = Jdbi.create(dataSource);
        sql.useHandle(handle -> handle.execute("create table archive (day date)"));
        Handlers<Request> archiving = digest.replacing(PUBLISH, pawl.transactional((job, handle) -> {
            handle.execute("insert into archive values (?)", job.payload().day());
            return done();
        }));
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        network.cutAfterCommitOf("insert into archive");
        try (Worker worker = pawl.worker("digest").run(archiving).start()) {
            assertThat(pawl.jobs().await(id, Duration.ofMinutes(1))).isCompleted();
        }

        assertThat(network.cutsToCome()).isZero();
        List<LocalDate> archived = sql.withHandle(handle ->
                handle.select("select day from archive").mapTo(LocalDate.class).list());
        assertThat(archived).containsExactly(TODAY.day());
    }
    // end::network[]
}
