package dev.pawl.docs.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Running;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.testkit.PawlTest;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobListing;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Stats;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

@PawlTest
class ViewsTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    // tag::progress[]
    void whereIs(JdbiPawl pawl, JobId id) {
        pawl.views().progress(id).ifPresent(progress -> {
            out.printf(
                    "%s: %d of %d%n",
                    id, progress.job().stagesDone(), progress.job().stages());
            progress.stages()
                    .forEach(stage -> out.printf(
                            "  %s %s, tried %d times%s%n",
                            stage.state(),
                            stage.name(),
                            stage.attempts(),
                            stage.children()
                                    .map(children -> ", " + children.counts())
                                    .orElse("")));
            progress.job()
                    .lease()
                    .ifPresent(lease -> out.printf("  held by %s under %s%n", lease.holder(), lease.token()));
        });
        pawl.views().timeline(id).ifPresent(timeline -> timeline.events().forEach(out::println));
    }
    // end::progress[]

    @Test
    void where_a_job_is(JdbiPawl pawl) {
        JobId id = pawl.jobs()
                .enqueue(NewJob.of(Digest.PIPELINE, TODAY).triggeredBy(Actor.user("ann")))
                .id();
        ClaimedJob<Request> claimed =
                pawl.jobs().claim(Digest.PIPELINE, 1, Duration.ofMinutes(1)).get(0);

        whereIs(pawl, id);

        assertThat(printed())
                .contains(
                        id + ": 0 of 3",
                        "CURRENT fetch, tried 1 times",
                        "TO_DO publish",
                        "held by " + claimed.lease().holder())
                .contains("ENQUEUED by user ann");
    }

    // tag::retry[]
    void retryAllFailed(JdbiPawl pawl) {
        JobListing page = pawl.views().jobs(JobFilter.all().pipeline("digest").status(JobStatus.FAILED), 100);
        page.rows().forEach(job -> pawl.jobs().retry(job.id(), Actor.user("ann")));
        while (page.next().isPresent()) { // a page may be short, or empty, and not the last
            page = pawl.views().more(page);
            page.rows().forEach(job -> pawl.jobs().retry(job.id(), Actor.user("ann")));
        }
    }
    // end::retry[]

    @Test
    void what_failed_is_retried(JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        pawl.jobs()
                .claim(Digest.PIPELINE, 1, Duration.ofMinutes(1))
                .get(0)
                .fail(new IllegalStateException("no editor"), RetryPolicy.never());

        retryAllFailed(pawl);

        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.WAITING);
    }

    @Test
    void statistics_and_queues(JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        pawl.jobs().cancel(id, Actor.SYSTEM);
        // tag::housekeeping[]
        Running housekeeping =
                pawl.housekeeping().start(); // in each process of the service, or in one: one of them works
        // end::housekeeping[]
        housekeeping.close();
        pawl.housekeeping().once();

        // tag::stats[]
        Stats day = pawl.views().stats(Duration.ofHours(24));
        out.printf(
                "%d completed, %d failed, p95 %s%n",
                day.total().completed(), day.total().failed(), day.total().run().p95());
        day.byPipeline().forEach((pipeline, figures) -> out.printf("%s: %s%n", pipeline, figures.successRate()));

        for (QueueOverview queue : pawl.views().queues()) {
            out.println(queue); // "digest: 12 due, 3 running, 1 waiting, 0 scheduled"
        }
        // end::stats[]

        assertThat(day.total().cancelled()).isEqualTo(1);
        assertThat(printed()).contains("0 completed, 0 failed").contains("digest: 0 due, 0 running");
    }
}
