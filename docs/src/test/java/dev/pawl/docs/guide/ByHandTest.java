package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.docs.guide.Digest.Articles;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.docs.guide.Digest.Summary;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.testkit.PawlTest;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@PawlTest
class ByHandTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    private final Newsroom newsroom = new Newsroom();

    // tag::loop[]
    /** One round: claims up to ten jobs, and does what each needs. */
    void round(Jobs jobs) {
        for (ClaimedJob<Request> job : jobs.claim(Digest.PIPELINE, 10, Duration.ofMinutes(5))) {
            try {
                run(job);
            } catch (LeaseLostException lost) {
                // another has the job, or it has ended; nothing was written, and nothing is ours to do
            } catch (RuntimeException failure) {
                job.fail(failure, RetryPolicy.standard());
            }
        }
    }

    private void run(ClaimedJob<Request> job) {
        for (JobStatus status = JobStatus.RUNNING; status == JobStatus.RUNNING; ) {
            status = switch (job.stage()) {
                case "fetch" -> job.checkpoint(Digest.FETCH, newsroom.fetch(job.payload()));
                case "summarise" -> job.checkpoint(Digest.SUMMARISE, newsroom.summarise(job.result(Digest.FETCH)));
                default -> {
                    newsroom.publish(job.result(Digest.SUMMARISE));
                    yield job.checkpoint(Digest.PUBLISH);
                }
            };
        }
    }
    // end::loop[]

    @Test
    void a_loop_of_ones_own(JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        round(pawl.jobs());

        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(newsroom.published()).hasSize(1);
    }

    @Test
    void a_stage_may_be_checkpointed_again_after_a_lost_answer(JdbiPawl pawl) {
        pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY));
        ClaimedJob<Request> job =
                pawl.jobs().claim(Digest.PIPELINE, 1, Duration.ofMinutes(5)).get(0);
        // tag::repeat[]
        Articles articles = newsroom.fetch(job.payload());
        job.checkpoint(FETCH, articles);
        job.checkpoint(FETCH, articles); // the same stage and result: no further effect
        // end::repeat[]

        assertThat(job.stage()).isEqualTo("summarise");
    }

    @Test
    void a_former_holder_is_told_by_whom_it_was_replaced(JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        ClaimedJob<Request> slow =
                pawl.jobs().claim(Digest.PIPELINE, 1, Duration.ofMillis(50)).get(0);
        slow.checkpoint(FETCH, new Articles(List.of("Rain")));
        ClaimedJob<Request> next = Awaitility.await()
                .until(() -> pawl.jobs().claim(Digest.PIPELINE, 1, Duration.ofMinutes(1)), jobs -> !jobs.isEmpty())
                .get(0);

        assertThatThrownBy(() -> slow.checkpoint(SUMMARISE, new Summary("Rain.")))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageMatching("lease #\\d+ on digest/.* was superseded by #\\d+ .*");

        assertThat(next.stage()).isEqualTo("summarise");
        assertThat(pawl.jobs().failures(id)).extracting(Failure::kind).contains(Failure.Kind.TAKEN_OVER);
    }
}
