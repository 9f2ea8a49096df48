package dev.pawl.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Commits;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Pipeline<String, Void> PIPELINE =
            Pipeline.named("one", String.class).then(Stage.named("only"));

    private final ThreadedPawl pawl = ThreadedPawl.open();

    @AfterEach
    void close() {
        pawl.close();
    }

    @Test
    void writes_that_arrive_during_a_commit_share_the_next_one() {
        // given
        List<JobId> jobs = enqueue(41);
        pawl.store().holdUp(write -> write.job().equals(jobs.get(0)));
        CompletableFuture<Answer> first = cancel(jobs.get(0));
        await().until(() -> pawl.store().batches().size() == 1);

        // when
        List<CompletableFuture<Answer>> others =
                jobs.subList(1, 21).stream().map(this::cancel).toList();
        pawl.store().letAllGo();

        // then
        others.forEach(answer -> assertThat(Commits.await(answer)).isInstanceOf(Answer.Done.class));
        assertThat(Commits.await(first)).isInstanceOf(Answer.Done.class);
        assertThat(pawl.store().batches()).hasSize(2);
        assertThat(pawl.store().batches().get(1)).hasSize(20);
    }

    @Test
    void nobody_is_answered_before_the_commit() {
        JobId job = enqueue(1).get(0);
        pawl.store().holdUp(write -> true);

        CompletableFuture<Answer> answer = cancel(job);
        await().until(() -> pawl.store().batches().size() == 1);

        assertThat(answer).isNotDone();
        pawl.store().letAllGo();
        assertThat(Commits.await(answer)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void J14_a_second_write_to_a_job_waits_for_the_answer_to_the_first() {
        // given
        JobId job = enqueue(1).get(0);
        pawl.store().holdUp(write -> true);
        CompletableFuture<Answer> cancel = cancel(job);

        // when
        CompletableFuture<Answer> retry = pawl.parts().commits().submit(new JobWrite.Retry(job, Actor.SYSTEM));
        CompletableFuture<Answer> again = cancel(job);
        await().until(() -> pawl.store().batches().size() == 1);
        pawl.store().letAllGo();

        // then
        assertThat(Commits.await(cancel)).isInstanceOf(Answer.Done.class);
        assertThat(Commits.await(retry)).isInstanceOf(Answer.Done.class);
        assertThat(Commits.await(again)).isInstanceOf(Answer.Done.class);
        assertThat(pawl.store().batches()).hasSize(3).allMatch(batch -> batch.size() == 1);
        assertThat(pawl.parts().commits().isUnderWay(job)).isFalse();
    }

    @Test
    void J15_a_write_that_fails_does_not_harm_its_batch() {
        // given
        List<JobId> jobs = enqueue(20);
        pawl.store().holdUp(write -> write.job().equals(jobs.get(0)));
        CompletableFuture<Answer> first = cancel(jobs.get(0));
        await().until(() -> pawl.store().batches().size() == 1);
        JobId bad = jobs.get(7);
        pawl.store().failWith(write -> write.job().equals(bad));

        // when
        List<CompletableFuture<Answer>> others =
                jobs.subList(1, 20).stream().map(this::cancel).toList();
        pawl.store().letAllGo();

        // then
        Commits.await(first);
        for (int i = 0; i < others.size(); i++) {
            CompletableFuture<Answer> answer = others.get(i);
            if (jobs.get(i + 1).equals(bad)) {
                assertThatThrownBy(() -> Commits.await(answer))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("poisoned");
            } else {
                assertThat(Commits.await(answer)).isInstanceOf(Answer.Done.class);
            }
        }
    }

    @Test
    void J15_what_was_busy_is_tried_again_alone_and_holds_up_nobody_else() {
        // given
        List<JobId> jobs = enqueue(10);
        JobId locked = jobs.get(0);
        pawl.store().sayBusy(write -> write.job().equals(locked));
        assertThat(Commits.await(cancel(locked))).isInstanceOf(Answer.Busy.class);

        // when: its next try waits for the lock
        pawl.store().holdUp(write -> write.job().equals(locked));
        CompletableFuture<Answer> again = cancel(locked);
        List<CompletableFuture<Answer>> others =
                jobs.subList(1, 10).stream().map(this::cancel).toList();

        // then
        others.forEach(answer -> assertThat(Commits.await(answer)).isInstanceOf(Answer.Done.class));
        assertThat(again).isNotDone();
        pawl.store().sayBusy(write -> false);
        pawl.store().letAllGo();
        assertThat(Commits.await(again)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void J15_what_is_busy_no_longer_goes_with_the_others_again() {
        // given
        List<JobId> jobs = enqueue(41);
        JobId locked = jobs.get(0);
        pawl.store().sayBusy(write -> write.job().equals(locked));
        assertThat(Commits.await(cancel(locked))).isInstanceOf(Answer.Busy.class);
        pawl.store().sayBusy(write -> false);
        assertThat(Commits.await(cancel(locked))).isInstanceOf(Answer.Done.class);
        pawl.store().holdUp(write -> write.job().equals(jobs.get(1)));
        CompletableFuture<Answer> first = cancel(jobs.get(1));
        await().until(() -> pawl.store().batches().size() == 3);

        // when
        CompletableFuture<Answer> once = cancel(locked);
        CompletableFuture<Answer> other = cancel(jobs.get(2));
        pawl.store().letAllGo();

        // then
        Stream.of(first, once, other)
                .forEach(answer -> assertThat(Commits.await(answer)).isNotNull());
        assertThat(pawl.store().batches())
                .last()
                .satisfies(batch -> assertThat(batch).hasSize(2));
    }

    @Test
    void J15_a_key_that_was_busy_is_tried_again_alone_and_holds_up_nobody_else() {
        // given
        NewJob<String> locked = NewJob.of(PIPELINE, "x").key("locked");
        pawl.store().sayBusyToEnqueues(row -> row.key().equals(Optional.of("locked")));
        assertThatThrownBy(() -> pawl.jobs().enqueue(locked)).isInstanceOf(BusyException.class);

        // when: its next try waits for the lock
        pawl.store().holdUpEnqueues(row -> row.key().equals(Optional.of("locked")));
        CompletableFuture<Enqueued> again =
                CompletableFuture.supplyAsync(() -> pawl.jobs().enqueue(locked));
        await().until(() -> pawl.store().heldUpNow() == 1);
        Enqueued other = pawl.jobs().enqueue(NewJob.of(PIPELINE, "x").key("free"));

        // then
        assertThat(other.created()).isTrue();
        assertThat(again).isNotDone();
        pawl.store().sayBusyToEnqueues(row -> false);
        pawl.store().letAllGo();
        assertThat(again.join().created()).isTrue();
    }

    @Test
    void a_store_that_can_not_be_reached_is_not_asked_for_each_write_apart() {
        // given
        List<JobId> jobs = enqueue(20);
        pawl.store().holdUp(write -> write.job().equals(jobs.get(0)));
        CompletableFuture<Answer> first = cancel(jobs.get(0));
        await().until(() -> pawl.store().batches().size() == 1);
        List<CompletableFuture<Answer>> others =
                jobs.subList(1, 20).stream().map(this::cancel).toList();

        // when
        StoreException gone = new StoreException(StoreException.Kind.UNREACHABLE, "gone", new java.io.IOException());
        pawl.store().failNextBefore(gone);
        pawl.store().failNextBefore(gone);
        pawl.store().letAllGo();

        // then
        assertThatThrownBy(() -> Commits.await(first)).isSameAs(gone);
        others.forEach(answer -> assertThatThrownBy(() -> Commits.await(answer)).isSameAs(gone));
        assertThat(pawl.store().batches()).hasSize(2);
    }

    @Test
    void a_closed_pawl_says_so_and_writes_nothing() {
        JobId job = enqueue(1).get(0);
        pawl.close();

        assertThatThrownBy(() -> pawl.jobs().cancel(job, Actor.SYSTEM))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(pawl.store().batches()).isEmpty();
    }

    @Test
    void an_enqueue_whose_answer_was_lost_is_repeated_and_is_the_same_job() {
        pawl.store()
                .failNextEnqueueAfter(
                        new StoreException(StoreException.Kind.ANSWER_LOST, "lost", new java.io.IOException()));

        Enqueued answer = pawl.jobs().enqueue(NewJob.of(PIPELINE, "x").key("k"));

        assertThat(answer.created()).isTrue();
        assertThat(pawl.jobs().enqueue(NewJob.of(PIPELINE, "y").key("k"))).isEqualTo(new Enqueued(answer.id(), false));
    }

    @Test
    void each_refusal_is_its_own() {
        List<JobId> jobs = enqueue(2);
        CompletableFuture<Answer> refused =
                pawl.parts().commits().submit(new JobWrite.Retry(jobs.get(0), Actor.SYSTEM));
        CompletableFuture<Answer> done = cancel(jobs.get(1));

        assertThat(Commits.await(refused)).isEqualTo(new Answer.Refused(new Refusal.NotAllowed("retry", "PENDING")));
        assertThat(Commits.await(done)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void J15_large_values_go_in_small_batches() {
        // given: forty results that make 40 million characters, and small ones behind them
        Json large = Json.of("\"" + "x".repeat(1 << 20) + "\"");
        List<ClaimedJob<String>> held = claimed(60);
        pawl.store().holdUp(write -> write.job().equals(held.get(0).id()));
        CompletableFuture<Answer> first = saving(held.get(0), Json.NULL);
        await().until(() -> pawl.store().batches().size() == 1);

        // when
        List<CompletableFuture<Answer>> others = IntStream.range(1, 60)
                .mapToObj(i -> saving(held.get(i), i < 40 ? large : Json.NULL))
                .toList();
        pawl.store().letAllGo();

        // then
        others.forEach(answer -> assertThat(Commits.await(answer)).isInstanceOf(Answer.Done.class));
        assertThat(Commits.await(first)).isInstanceOf(Answer.Done.class);
        assertThat(pawl.store().batches())
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(batch -> assertThat(batch)
                        .filteredOn(write ->
                                ((JobWrite.SaveProgress) write).progress().equals(large))
                        .hasSizeLessThanOrEqualTo(16));
    }

    private List<ClaimedJob<String>> claimed(int count) {
        enqueue(count);
        return pawl.jobs().claim(PIPELINE, count, Duration.ofMinutes(5));
    }

    private CompletableFuture<Answer> saving(ClaimedJob<String> job, Json progress) {
        return pawl.parts()
                .commits()
                .submit(new JobWrite.SaveProgress(
                        job.id(), job.lease().fence(), 0, 1, progress, Duration.ofMinutes(5)));
    }

    private CompletableFuture<Answer> cancel(JobId job) {
        return pawl.parts().commits().submit(new JobWrite.Cancel(job, Actor.SYSTEM));
    }

    private List<JobId> enqueue(int count) {
        List<NewJob<String>> jobs =
                Stream.generate(() -> NewJob.of(PIPELINE, "x")).limit(count).toList();
        return pawl.jobs().enqueueAll(jobs).stream().map(answer -> answer.id()).toList();
    }
}
