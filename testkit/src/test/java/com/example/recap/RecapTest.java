package com.example.recap;

import static com.example.recap.Recap.DEDUP;
import static com.example.recap.Recap.DISPATCH;
import static com.example.recap.Recap.DRAFT;
import static com.example.recap.Recap.FETCH;
import static com.example.recap.Recap.GENRE;
import static com.example.recap.Recap.PREPROCESS;
import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.recap.Recap.Articles;
import com.example.recap.Recap.Brief;
import com.example.recap.Recap.Drafts;
import com.example.recap.Recap.GenreDraft;
import com.example.recap.Recap.GenreTask;
import com.example.recap.Recap.Request;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.StepWorker;
import dev.pawl.testkit.TestTime;
import dev.pawl.worker.Handlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A consumer's tests: no database, no sleep, no thread. */
@PawlTest
class RecapTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    private final Editors editors = new Editors();
    private final Handlers<Request> recap = Recaps.recap(editors, job -> done());
    private final Handlers<GenreTask> oneGenre = Recaps.oneGenre(editors);

    @Test
    void a_recap_survives_the_death_of_its_worker(InMemoryPawl pawl, TestTime time) {
        // given
        JobId id = pawl.jobs().enqueue(NewJob.of(Recap.PIPELINE, TODAY)).id();
        StepWorker first = pawl.stepWorker("worker-1", recap, oneGenre);
        StepWorker second = pawl.stepWorker("worker-2", recap, oneGenre);
        first.stage(); // fetch
        first.stage(); // preprocess

        // when
        first.crash();
        time.advance(Duration.ofSeconds(31));
        second.claim();

        // then
        assertThat(pawl.job(id))
                .isRunning()
                .isAtStage(DEDUP)
                .isHeldBy("worker-2")
                .hasTakeovers(1);
        second.untilIdle();
        assertThat(pawl.job(id)).isCompleted().hasFailedChildren(0);
        assertThat(pawl.jobs().result(id, Recap.PIPELINE, DISPATCH)).contains(new Brief("Of 2026-02-16, by 1 article"));
    }

    @Test
    void a_recap_waits_for_its_genres_and_bears_the_loss_of_one(InMemoryPawl pawl) {
        // given
        JobId id = pawl.jobs().enqueue(NewJob.of(Recap.PIPELINE, TODAY)).id();
        StepWorker editor = pawl.stepWorker("editor", recap);
        StepWorker author = pawl.stepWorkerOn(
                "recap", // children wait in their parent's queue
                "author",
                oneGenre.replacing(
                        DRAFT,
                        job -> job.payload().genre().equals("weather")
                                ? failed("it rained on the notes")
                                : done(editors.draft(job.payload()))));

        // when
        editor.untilIdle();

        // then
        assertThat(pawl.job(id)).isWaiting().isAtStage(GENRE).isHeldByNobody().hasOpenChildren(2);

        // when
        author.untilIdle();

        // then
        assertThat(pawl.job(id)).isWaiting().isAtStage(GENRE).hasOpenChildren(0).hasFailedChildren(1);
        editor.untilIdle();
        assertThat(pawl.job(id)).isCompleted();
        assertThat(pawl.jobs().result(id, Recap.PIPELINE, GENRE))
                .contains(new Drafts(List.of(new GenreDraft("politics", "Of 2026-02-16", 1)), 1));
    }

    @Test
    void a_slow_worker_overwrites_nothing(InMemoryPawl pawl, TestTime time) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Recap.PIPELINE, TODAY)).id();
        StepWorker slow = pawl.stepWorker("slow", recap);
        StepWorker next = pawl.stepWorker("next", recap);
        slow.claim();
        slow.runHandler(); // and is frozen before it can record

        time.advance(Duration.ofSeconds(31));
        next.stage();

        assertThatThrownBy(slow::record).isInstanceOf(LeaseLostException.class).hasMessageContaining("next");
        assertThat(pawl.job(id)).isAtStage(PREPROCESS);
    }

    @Test
    void fetch_returns_what_the_editors_found(InMemoryPawl pawl) {
        pawl.jobs().enqueue(NewJob.of(Recap.PIPELINE, TODAY));
        StepWorker worker = pawl.stepWorker("worker-1", recap);

        worker.claim();
        Outcome<?> outcome = worker.runHandler();

        assertThat(outcome).isEqualTo(done(editors.fetch(TODAY)));
    }

    @Test
    void an_answer_that_was_lost_is_asked_for_again(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(Recap.PIPELINE, TODAY)).id();
        StepWorker worker = pawl.stepWorker("worker-1", recap.replacing(FETCH, job -> done(new Articles(List.of()))));
        pawl.faults().failAfterCommit();

        worker.stage();

        assertThat(pawl.job(id)).isAtStage(PREPROCESS);
    }
}
