package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.docs.guide.Digest.PUBLISH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;
import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.docs.guide.Digest.Summary;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class GettingStartedTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    private final Newsroom newsroom = new Newsroom();

    // tag::handlers[]
    static Handlers<Request> digest(Newsroom newsroom) {
        return Handlers.of(Digest.PIPELINE)
                .on(FETCH, job -> done(newsroom.fetch(job.payload())))
                .on(SUMMARISE, job -> done(newsroom.summarise(job.result(FETCH))))
                .on(PUBLISH, job -> {
                    newsroom.publish(job.result(SUMMARISE));
                    return done();
                });
    }
    // end::handlers[]

    @Test
    void a_service_in_one_piece(DataSource dataSource) throws InterruptedException {
        JobId id;
        JobSnapshot end;
        // tag::service[]
        PawlSchema.migrate(dataSource);

        try (JdbiPawl pawl = JdbiPawl.with(dataSource).codec(new JacksonCodec()).open();
                Worker worker = pawl.worker("digest").run(digest(newsroom)).start()) {

            id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
            end = pawl.jobs().await(id, Duration.ofMinutes(1));
        }
        // end::service[]

        assertThat(end.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(newsroom.published()).contains("Rain on 2026-02-16; Sun after the rain");
    }

    @Test
    void a_key_makes_an_enqueue_repeatable(JdbiPawl pawl) {
        // tag::enqueue[]
        NewJob<Request> today = NewJob.of(Digest.PIPELINE, TODAY)
                .key("2026-02-16")
                .triggeredBy(Actor.user("ann"))
                .priority(10);

        Enqueued first = pawl.jobs().enqueue(today);
        Enqueued again = pawl.jobs().enqueue(today);
        // end::enqueue[]

        assertThat(first.created()).isTrue();
        assertThat(again).isEqualTo(new Enqueued(first.id(), false));
    }

    @Test
    void a_job_can_be_asked_about(JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        try (Worker worker = pawl.worker("digest").run(digest(newsroom)).start()) {
            assertThat(pawl.jobs().await(id, Duration.ofMinutes(1)).status()).isEqualTo(JobStatus.COMPLETED);
        }

        // tag::ask[]
        JobSnapshot job = pawl.jobs().find(id).orElseThrow(); // …, and prints as "digest/0190… COMPLETED, #1"
        Optional<Summary> summary = pawl.jobs().result(id, Digest.PIPELINE, SUMMARISE);
        // end::ask[]

        assertThat(job.toString()).matches("digest/[0-9a-f-]{36} COMPLETED, #\\d+");
        assertThat(summary).contains(new Summary("Rain on 2026-02-16; Sun after the rain"));
    }
}
