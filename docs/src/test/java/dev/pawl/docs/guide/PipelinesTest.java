package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.docs.guide.Digest.PUBLISH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;
import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class PipelinesTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "de");

    private final Newsroom newsroom = new Newsroom();

    // tag::handlers-v2[]
    static Handlers<Request> digestV2(Newsroom newsroom) {
        return Handlers.of(DigestV2.PIPELINE)
                .on(FETCH, job -> done(newsroom.fetch(job.payload())))
                .on(SUMMARISE, job -> done(newsroom.summarise(job.result(FETCH))))
                .on(
                        DigestV2.TRANSLATE,
                        job -> done(newsroom.translate(
                                job.result(SUMMARISE), job.payload().language())))
                .on(PUBLISH, job -> {
                    newsroom.publish(job.result(DigestV2.TRANSLATE));
                    return done();
                });
    }
    // end::handlers-v2[]

    @Test
    void a_newer_version_continues_the_jobs_of_an_older_one(JdbiPawl pawl) throws InterruptedException {
        // given a job of version 1 that has passed its first stage
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        ClaimedJob<Request> old =
                pawl.jobs().claim(Digest.PIPELINE, 1, Duration.ofMinutes(1)).get(0);
        old.checkpoint(FETCH, newsroom.fetch(TODAY));
        assertThat(old.release()).isEmpty();

        // when
        JobSnapshot end;
        try (Worker worker = pawl.worker("digest").run(digestV2(newsroom)).start()) {
            end = pawl.jobs().await(id, Duration.ofMinutes(1));
        }

        // then
        assertThat(end.version()).isEqualTo(2);
        assertThat(end.stages()).containsExactly("fetch", "summarise", "translate", "publish");
        assertThat(newsroom.published()).containsExactly("de: Rain on 2026-02-16; Sun after the rain");
    }

    @Test
    void the_same_version_with_other_stages_is_refused(JdbiPawl pawl) {
        pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY));
        Pipeline<Request, Void> changed =
                Pipeline.named("digest", Request.class).then(FETCH).then(PUBLISH);

        assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(changed, TODAY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("changed stages need a new version");
    }

    @Test
    void when_and_where_a_job_runs_is_set_on_the_new_job(JdbiPawl pawl) {
        JobId id = pawl.jobs()
                // tag::settings[]
                .enqueue(NewJob.of(Digest.PIPELINE, TODAY)
                        .queue("night") // another queue than the pipeline's name
                        .priority(-5) // after the jobs with priority 0
                        .after(Duration.ofMinutes(10)) // not before ten minutes from now, by the database's clock
                        .notBefore(Instant.parse("2026-02-16T22:00:00Z"))) // and not before this
                // end::settings[]
                .id();

        assertThat(id.queue()).isEqualTo("night");
        JobSnapshot job = pawl.jobs().find(id).orElseThrow();
        assertThat(job.priority()).isEqualTo(-5);
        assertThat(job.dueAt().orElseThrow()).isAfter(job.enqueuedAt());
    }

    // tag::json[]
    static final Stage<Json> PARSE = Stage.named("parse", Json.class);
    static final Pipeline<Json, Json> IMPORT =
            Pipeline.named("import", Json.class).then(PARSE);
    // end::json[]

    @Test
    void json_needs_no_codec(JdbiPawl pawl) throws InterruptedException {
        Json text = Json.of("{ \"b\": 1, \"a\": 1.50 }");
        JobId id = pawl.jobs().enqueue(NewJob.of(IMPORT, text)).id();
        Handlers<Json> echo = Handlers.of(IMPORT).on(PARSE, job -> done(job.payload()));

        try (Worker worker = pawl.worker("import").run(echo).start()) {
            assertThat(pawl.jobs().await(id, Duration.ofMinutes(1)).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(pawl.jobs().result(id, IMPORT)).contains(text);
    }
}
