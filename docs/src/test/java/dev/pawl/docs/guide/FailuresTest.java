package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.docs.guide.Digest.PUBLISH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;
import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static dev.pawl.job.Outcome.later;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.RefusedException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class FailuresTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Newsroom newsroom = new Newsroom();

    @Test
    void a_policy_decides_about_what_a_handler_throws(JdbiPawl pawl) throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        // tag::policy[]
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(10), Duration.ofSeconds(1))
                .attempts(3)
                .exceptOn(IllegalArgumentException.class);

        Handlers<Request> digest = Handlers.of(Digest.PIPELINE)
                .retrying(policy)
                .on(FETCH, job -> {
                    tries.incrementAndGet();
                    throw new IOException("no route to the newsroom");
                })
                .retrying(RetryPolicy.never())
                .on(SUMMARISE, job -> done(newsroom.summarise(job.result(FETCH))))
                .on(PUBLISH, job -> done());
        // end::policy[]
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        try (Worker worker = pawl.worker("digest").run(digest).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.FAILED);
        }

        assertThat(tries).hasValue(3);
        // tag::why[]
        for (Failure failure : pawl.jobs().failures(id)) {
            System.out.println(
                    failure); // FAILED at fetch, attempt 1, #1 (host-17#8f3a17c05b1e): no route to the newsroom
        }
        // end::why[]
        assertThat(pawl.jobs().failures(id)).hasSize(3).allSatisfy(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
            assertThat(failure.toString())
                    .startsWith("FAILED at fetch, attempt ")
                    .endsWith("no route to the newsroom");
        });
    }

    @Test
    void a_handler_may_give_up_or_put_off(JdbiPawl pawl) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        // tag::outcomes[]
        Handlers<Request> digest = Handlers.of(Digest.PIPELINE)
                .on(
                        FETCH,
                        job -> isClosed(job.payload().day())
                                ? failed("no paper on holidays")
                                : done(fetch(job.payload())))
                .on(SUMMARISE, job -> asked.incrementAndGet() < 3 ? later(Duration.ofMillis(20)) : done(summary()))
                .on(PUBLISH, job -> done());
        // end::outcomes[]
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        JobId onHoliday = pawl.jobs()
                .enqueue(NewJob.of(Digest.PIPELINE, new Request(LocalDate.of(2026, 12, 25), "en")))
                .id();

        try (Worker worker = pawl.worker("digest").run(digest).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(pawl.jobs().await(onHoliday, SOON).status()).isEqualTo(JobStatus.FAILED);
        }

        assertThat(pawl.jobs().failures(id)).isEmpty();
        assertThat(pawl.jobs().failures(onHoliday))
                .extracting(Failure::message)
                .containsExactly("no paper on holidays");
    }

    @Test
    void an_operator_cancels_and_retries(JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        // tag::operator[]
        Actor ann = Actor.user("ann");
        pawl.jobs().cancel(id, ann); // its holder, if it has one, is shut out from now on
        pawl.jobs().retry(id, ann); // goes on from the last checkpoint, with attempts counted anew

        pawl.jobs().pause("digest", ann); // no claims from this queue; what is held goes on
        pawl.jobs().resume("digest", ann);
        // end::operator[]

        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.PENDING);
        assertThat(pawl.jobs().isPaused("digest")).isFalse();
    }

    @Test
    void a_refusal_says_why(JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        try (Worker worker =
                pawl.worker("digest").run(GettingStartedTest.digest(newsroom)).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        }

        String answer = cancel(pawl, id);

        assertThat(answer).isEqualTo("too late: it has ended");
        assertThat(cancel(pawl, JobId.parse("digest/0190a6c1-0000-7000-8000-000000000000")))
                .isEqualTo("there is no such job");
    }

    // tag::refusal[]
    static String cancel(JdbiPawl pawl, JobId id) {
        try {
            pawl.jobs().cancel(id, Actor.user("ann"));
            return "cancelled";
        } catch (RefusedException refused) {
            return switch (refused.refusal().reason()) {
                case ENDED -> "too late: it has ended";
                case MISSING -> "there is no such job";
                default -> refused.getMessage();
            };
        }
    }
    // end::refusal[]

    private static boolean isClosed(LocalDate day) {
        return day.getMonthValue() == 12 && List.of(25, 26).contains(day.getDayOfMonth());
    }

    private Digest.Articles fetch(Request request) {
        return newsroom.fetch(request);
    }

    private Digest.Summary summary() {
        return newsroom.summarise(newsroom.fetch(TODAY));
    }
}
