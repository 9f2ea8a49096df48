package dev.pawl.testkit.fanout;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Handlers.Split;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers and families, over both stores: what a split, a join and a policy come to. */
class FanOutWorkerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Actor ANN = Actor.user("ann");
    private static final Stage<Integer> SQUARE = Stage.named("square", Integer.class);
    private static final Pipeline<Integer, Integer> ONE =
            Pipeline.named("one", Integer.class).then(SQUARE);
    private static final Stage<Integer> SUM = Stage.named("sum", Integer.class);
    private static final Stage<String> TELL = Stage.named("tell", String.class);
    private static final Pipeline<Integer, String> ALL =
            Pipeline.named("all", Integer.class).then(SUM).then(TELL);

    private final String queue = "q-" + UUID.randomUUID();
    private final Queue<Integer> squared = new ConcurrentLinkedQueue<>();

    /** A child for each number up to the payload. */
    private static Map<String, Integer> upTo(int n) {
        Map<String, Integer> children = new HashMap<>();
        IntStream.rangeClosed(1, n).forEach(i -> children.put(String.format("%05d", i), i));
        return children;
    }

    private Handlers<Integer> one() {
        return one(job -> {
            squared.add(job.payload());
            return done(job.payload() * job.payload());
        });
    }

    private static Handlers<Integer> one(Handler<Integer, Integer> handler) {
        return Handlers.of(ONE).retrying(RetryPolicy.never()).on(SQUARE, handler);
    }

    private static Handlers<Integer> all(FanIn policy) {
        return all(job -> upTo(job.payload()), policy);
    }

    private static Handlers<Integer> all(Split<Integer, Integer> split, FanIn policy) {
        return Handlers.of(ALL)
                .retrying(RetryPolicy.never())
                .fanOut(SUM)
                .into(ONE, split)
                .join(policy, (job, squares) -> done(sum(squares)))
                .on(TELL, job -> done("sum " + job.result(SUM)));
    }

    private static int sum(Children<Integer> squares) {
        return squares.results().stream().mapToInt(Integer::intValue).sum();
    }

    private Worker start(AnyPawl any, Handlers<?>... handlers) {
        Worker.Builder worker = any.pawl().worker(queue).concurrency(3).pollInterval(Duration.ofMillis(20));
        for (Handlers<?> some : handlers) {
            worker.run(some);
        }
        return worker.start();
    }

    private JobId enqueue(AnyPawl any, int n) {
        return any.jobs().enqueue(NewJob.of(ALL, n).queue(queue)).id();
    }

    private static JobSnapshot ended(AnyPawl any, JobId id) throws InterruptedException {
        return any.jobs().await(id, LONG);
    }

    private static String why(AnyPawl any, JobId id) {
        return any.jobs().failures(id).get(0).message();
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // a worker works by being open
    void the_results_of_the_children_are_the_stages(Over over) throws InterruptedException {
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all(FanIn.ALL), one())) {
            JobId id = enqueue(any, 4);
            JobId none = enqueue(any, 0);

            assertThat(ended(any, id).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(any.jobs().result(id, ALL)).contains("sum 30");
            assertThat(ended(any, none).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(any.jobs().result(none, ALL)).contains("sum 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void a_join_reads_many_children_in_the_order_of_their_keys(Over over) throws InterruptedException {
        List<String> keys = new ArrayList<>();
        Handlers<Integer> all = Handlers.of(ALL)
                .fanOut(SUM)
                .into(ONE, job -> upTo(job.payload()))
                .join((job, squares) -> {
                    squares.forEach(child -> keys.add(child.key()));
                    return done(squares.counts().completed());
                })
                .on(TELL, job -> done("all"));
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all, one())) {
            JobId id = enqueue(any, 1_100);

            assertThat(ended(any, id).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(any.jobs().result(id, ALL, SUM)).contains(1_100);
            assertThat(keys).hasSize(1_100).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void a_join_that_throws_is_tried_again_without_the_children(Over over) throws InterruptedException {
        AtomicInteger joins = new AtomicInteger();
        Handlers<Integer> all = Handlers.of(ALL)
                .retrying(RetryPolicy.exponential(Duration.ofMillis(10), Duration.ofMillis(20)))
                .fanOut(SUM)
                .into(ONE, job -> upTo(job.payload()))
                .join((job, squares) -> {
                    if (joins.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return done(sum(squares));
                })
                .on(TELL, job -> done("at last"));
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all, one())) {
            JobId id = enqueue(any, 3);

            await().atMost(LONG).until(() -> {
                if (any.pawl() instanceof InMemoryPawl memory) {
                    memory.time().advance(Duration.ofMillis(50));
                }
                return any.jobs().find(id).orElseThrow().status() == JobStatus.COMPLETED;
            });
            assertThat(joins).hasValue(3);
            assertThat(squared).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void some_failures_are_tolerated_and_one_more_fails_the_parent(Over over) throws InterruptedException {
        Handlers<Integer> oddOnes = one(job -> job.payload() % 2 == 0 ? failed("even") : done(job.payload()));
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all(FanIn.tolerating(2)), oddOnes)) {
            JobId two = enqueue(any, 5);
            JobId three = enqueue(any, 6);

            assertThat(ended(any, two).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(any.jobs().result(two, ALL, SUM)).contains(1 + 3 + 5);
            assertThat(ended(any, three).status()).isEqualTo(JobStatus.FAILED);
            assertThat(why(any, three))
                    .isEqualTo(
                            "3 of 6 children completed, 0 open, 3 failed, 0 cancelled, but at most 2 may not complete:"
                                    + " 00002: even; 00004: even; 00006: even");
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void the_first_failure_stops_the_children_that_run(Over over) throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(2);
        Handlers<Integer> slow = one(job -> {
            if (job.payload() == 3) {
                return failed("no");
            }
            return untilInterrupted(interrupted);
        });
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = any.pawl()
                        .worker(queue)
                        .run(all(FanIn.FAIL_FAST))
                        .run(slow)
                        .concurrency(4)
                        .pollInterval(Duration.ofMillis(20))
                        .lease(Duration.ofMillis(600))
                        .start()) {
            JobId id = enqueue(any, 3);

            JobSnapshot job = ended(any, id);
            assertThat(job.status()).isEqualTo(JobStatus.FAILED);
            assertThat(job.children()).contains(new Children.Counts(3, 0, 1, 2));
            interrupted.await();
        }
    }

    private static <R> dev.pawl.job.Outcome<R> untilInterrupted(CountDownLatch interrupted)
            throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("not reached");
        } finally {
            interrupted.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void a_cancel_stops_children_and_theirs(Over over) throws InterruptedException {
        Stage<Integer> both = Stage.named("both", Integer.class);
        Pipeline<Integer, Integer> root = Pipeline.named("root", Integer.class).then(both);
        Handlers<Integer> nested = Handlers.of(root)
                .fanOut(both)
                .into(ALL, job -> Map.of("left", 1, "right", 1))
                .join((job, halves) -> done(halves.counts().completed()));
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        Handlers<Integer> slow = one(job -> {
            begun.countDown();
            return untilInterrupted(interrupted);
        });
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = any.pawl()
                        .worker(queue)
                        .run(nested)
                        .run(all(FanIn.ALL))
                        .run(slow)
                        .concurrency(4)
                        .pollInterval(Duration.ofMillis(20))
                        .lease(Duration.ofMillis(600))
                        .start()) {
            JobId id = any.jobs().enqueue(NewJob.of(root, 2).queue(queue)).id();
            begun.await();

            any.jobs().cancel(id, ANN);

            interrupted.await();
            assertThat(any.jobs().find(id).orElseThrow().children()).contains(new Children.Counts(2, 0, 0, 2));
            await().atMost(LONG).until(() -> worker.held() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void a_retried_tree_runs_only_what_failed(Over over) throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean(true);
        Handlers<Integer> one = one(job -> {
            squared.add(job.payload());
            return broken.get() && job.payload() > 3 ? failed("broken") : done(job.payload());
        });
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all(FanIn.ALL), one)) {
            JobId id = enqueue(any, 5);
            assertThat(ended(any, id).status()).isEqualTo(JobStatus.FAILED);
            squared.clear();
            broken.set(false);

            any.jobs().retry(id, ANN);

            assertThat(ended(any, id).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(any.jobs().result(id, ALL)).contains("sum 15");
            assertThat(squared).containsExactlyInAnyOrder(4, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void a_split_that_can_not_be_is_a_failed_attempt_with_words(Over over) throws InterruptedException {
        Split<Integer, Integer> bad = job -> switch (job.payload()) {
            case 1 -> null;
            case 2 -> Map.of("", 1);
            case 3 -> Map.of("a\u0000", 1);
            default -> upTo(100_001);
        };
        try (AnyPawl any = over.open(new JacksonCodec());
                Worker worker = start(any, all(bad, FanIn.ALL), one())) {
            assertThat(whyFailed(any, 1)).contains("the split of stage 'sum' of pipeline all v1 returned null");
            assertThat(whyFailed(any, 2)).contains("key of a child");
            assertThat(whyFailed(any, 3)).contains("key of a child", "\\u0000");
            assertThat(whyFailed(any, 4)).contains("children of a stage must be 0 to 100000, but was 100001");
        }
    }

    private String whyFailed(AnyPawl any, int n) throws InterruptedException {
        JobId id = enqueue(any, n);
        assertThat(ended(any, id).status()).isEqualTo(JobStatus.FAILED);
        assertThat(ended(any, id).children()).as("children of " + n).isEmpty();
        return why(any, id);
    }
}
