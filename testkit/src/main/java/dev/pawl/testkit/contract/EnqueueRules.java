package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** J9, J11: a job is enqueued once, and what it carries comes back as it was. */
interface EnqueueRules extends Scene {
    /** What {@code jsonb}, or a codec in between, would not give back. */
    Json AWKWARD = Json.of(
            "{ \"b\" : 1,\n\t\"a\":2.50, \"a\":1e+2, \"\":[ ], \"z\":\"\\u0000 \\u00e9 \\/ \\ud83d\\ude00 😀 é\", \"n\":-0.0, \"big\":123456789012345678901234567890 }");

    @Test
    default void J9_an_enqueued_job_is_as_it_was_described() {
        // given
        Draft draft = draft().key("2026-02-16").priority(7).triggeredBy(ANN).payload("{\"day\":2}");

        // when
        Enqueued answer = enqueue(draft);

        // then
        assertThat(answer).isEqualTo(new Enqueued(draft.id(), true));
        JobSnapshot job = job(draft.id());
        assertThat(job.status()).isEqualTo(JobStatus.PENDING);
        assertThat(job.pipeline()).isEqualTo(PIPELINE);
        assertThat(job.version()).isEqualTo(1);
        assertThat(job.stages()).isEqualTo(STAGES);
        assertThat(job.stage()).contains("fetch");
        assertThat(job.key()).contains("2026-02-16");
        assertThat(job.priority()).isEqualTo(7);
        assertThat(job.triggeredBy()).isEqualTo(ANN);
        assertThat(job.payload()).isEqualTo(Json.of("{\"day\":2}"));
        assertThat(job.enqueuedAt()).isEqualTo(time().now());
        assertThat(job.dueAt()).contains(time().now());
        assertThat(job.attempt()).isZero();
    }

    @Test
    default void J9_a_known_key_returns_the_existing_job_and_changes_nothing() {
        // given
        Enqueued first = enqueue(draft().key("2026-02-16"));
        Whole before = whole(first.id());

        // when
        Draft again =
                draft().key("2026-02-16").payload("{\"day\":99}").priority(9).after(Duration.ofHours(1));
        Enqueued second = enqueue(again);

        // then
        assertThat(second).isEqualTo(new Enqueued(first.id(), false));
        assertThat(whole(first.id())).isEqualTo(before);
        assertThat(jobs().find(again.id())).isEmpty();
    }

    @Test
    default void J9_a_known_id_returns_the_existing_job_and_changes_nothing() {
        // given
        Draft draft = draft();
        enqueue(draft);
        Whole before = whole(draft.id());

        // when
        time().advance(Duration.ofSeconds(1));
        Enqueued second = enqueue(draft.payload("{\"day\":99}").key("2026-02-17"));

        // then
        assertThat(second).isEqualTo(new Enqueued(draft.id(), false));
        assertThat(whole(draft.id())).isEqualTo(before);
    }

    @Test
    default void J9_a_key_is_known_in_whatever_condition_its_job_is() {
        // given
        enqueue(draft().key("2026-02-16"));
        Held held = claim();

        // when
        boolean whileRunning = enqueue(draft().key("2026-02-16")).created();
        done(held.failForGood());
        Enqueued afterTheEnd = enqueue(draft().key("2026-02-16"));

        // then
        assertThat(whileRunning).isFalse();
        assertThat(afterTheEnd).isEqualTo(new Enqueued(held.id(), false));
        assertThat(job(held).status()).isEqualTo(JobStatus.FAILED);
        assertNothingClaimable();
    }

    @Test
    default void J9_a_key_is_unique_per_queue_and_pipeline_only() {
        // given
        enqueue(draft().key("2026-02-16"));

        // when
        Enqueued otherPipeline = enqueue(shortDraft().key("2026-02-16"));
        Enqueued otherQueue = enqueue(draft().queue(queue() + "-2").key("2026-02-16"));

        // then
        assertThat(otherPipeline.created()).isTrue();
        assertThat(otherQueue.created()).isTrue();
    }

    @Test
    default void J9_jobs_without_a_key_are_all_different() {
        // given
        enqueued();

        // when
        Enqueued second = enqueue(draft());

        // then
        assertThat(second.created()).isTrue();
        assertThat(claim(10)).hasSize(2);
    }

    @Test
    default void J9_one_call_knows_what_comes_earlier_in_it() {
        // given
        Draft known = draft().key("known");
        enqueue(known);
        Draft first = draft().key("new").payload("1");
        Draft again = draft().key("new").payload("2");
        Draft sameId = draft().id(first.id()).payload("3");
        Draft other = draft();

        // when
        List<Enqueued> answers = jobs().enqueue(
                        List.of(first.row(), draft().key("known").row(), again.row(), other.row(), sameId.row()));

        // then
        assertThat(answers)
                .containsExactly(
                        new Enqueued(first.id(), true),
                        new Enqueued(known.id(), false),
                        new Enqueued(first.id(), false),
                        new Enqueued(other.id(), true),
                        new Enqueued(first.id(), false));
        assertThat(job(first.id()).payload()).isEqualTo(Json.of("1"));
        assertThat(jobs().find(again.id())).isEmpty();
    }

    @Test
    default void J9_the_first_in_a_call_wins_whatever_the_keys() {
        // given: the same id twice, in an order that no sorting by key would keep
        Draft first = draft().payload("1");
        Draft second = draft().id(first.id()).key("a").payload("2");
        Draft third = draft().key("z").payload("3");
        Draft fourth = draft().id(third.id()).key("b").payload("4");

        // when
        List<Enqueued> answers = jobs().enqueue(List.of(first.row(), second.row(), third.row(), fourth.row()));

        // then
        assertThat(answers).extracting(Enqueued::created).containsExactly(true, false, true, false);
        assertThat(job(first.id()).payload()).isEqualTo(Json.of("1"));
        assertThat(job(first.id()).key()).isEmpty();
        assertThat(job(third.id()).payload()).isEqualTo(Json.of("3"));
        assertThat(job(third.id()).key()).contains("z");
    }

    @Test
    default void J9_an_id_that_is_known_goes_before_a_key_that_is() {
        // given
        Draft one = draft().key("one");
        Draft two = draft().key("two");
        enqueue(one);
        enqueue(two);

        // when
        Enqueued answer = enqueue(draft().id(one.id()).key("two"));

        // then
        assertThat(answer).isEqualTo(new Enqueued(one.id(), false));
        assertThat(claim(10)).hasSize(2);
    }

    @Test
    default void J9_the_same_key_from_many_at_once_makes_one_job() throws Exception {
        // given: four that enqueue the same twenty keys, in opposite orders, and start together
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Enqueued>>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean backwards = i % 2 == 1;
                futures.add(callers.submit(() -> {
                    start.await();
                    List<Enqueued> answers = new ArrayList<>();
                    for (int k = 0; k < 20; k++) {
                        answers.add(enqueue(draft().key("key-" + (backwards ? 19 - k : k))));
                    }
                    return answers;
                }));
            }

            // when
            start.countDown();
            List<Enqueued> all = new ArrayList<>();
            for (Future<List<Enqueued>> future : futures) {
                all.addAll(future.get());
            }

            // then
            assertThat(all).filteredOn(Enqueued::created).hasSize(20);
            assertThat(all).extracting(Enqueued::id).hasSize(80);
            assertThat(Set.copyOf(all.stream().map(Enqueued::id).toList())).hasSize(20);
            assertThat(claim(100)).hasSize(20);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    default void J9_nothing_to_enqueue_is_answered_by_nothing() {
        assertThat(jobs().enqueue(List.of())).isEmpty();
    }

    @Test
    default void J11_a_payload_comes_back_to_the_letter() {
        // given
        JobId id = enqueue(draft().payload(AWKWARD.text())).id();

        // when
        Claimed claimed = claimOne();

        // then
        assertThat(claimed.payload().text()).isEqualTo(AWKWARD.text());
        assertThat(job(id).payload().text()).isEqualTo(AWKWARD.text());
    }

    @Test
    default void J11_progress_comes_back_to_the_letter() {
        // given
        Held held = held();
        done(held.saveProgress(1, AWKWARD));

        // when
        time().advance(LENGTH);
        Claimed successor = claimOne();

        // then
        assertThat(successor.progress()).contains(AWKWARD);
        assertThat(job(held).progress()).contains(AWKWARD);
    }

    @Test
    default void J11_results_come_back_to_the_letter() {
        // given
        Held held = heldAtLastStage();

        // when
        done(held.checkpoint(AWKWARD));

        // then
        assertThat(jobs().results(held.id(), Set.of(2))).isEqualTo(Map.of(2, AWKWARD));
        repeated(held.checkpoint(AWKWARD));
    }

    @Test
    default void J11_an_earlier_stages_result_comes_back_to_the_letter() {
        // given
        Held held = held();

        // when
        done(held.checkpoint(AWKWARD));

        // then
        assertThat(jobs().results(held.id(), Set.of(0, 1))).isEqualTo(Map.of(0, AWKWARD));
        repeated(held.checkpoint(AWKWARD));
    }

    @Test
    default void J11_null_is_a_result_and_not_the_lack_of_one() {
        // given
        Held held = held();

        // when
        done(held.checkpoint(Json.NULL));

        // then
        assertThat(jobs().results(held.id(), Set.of(0))).isEqualTo(Map.of(0, Json.NULL));
        assertThat(jobs().results(held.id(), Set.of(1))).isEmpty();
    }

    @Test
    default void J11_large_json_comes_back_whole() {
        // given
        Json large = Json.of("[\"" + "é😀x".repeat(60_000) + "\"]");
        Held held = held();

        // when
        done(held.saveProgress(1, large));
        done(held.checkpoint(large));

        // then
        assertThat(jobs().results(held.id(), Set.of(0)).get(0)).isEqualTo(large);
    }
}
