package dev.pawl.testkit.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a handler fails: its job ends as failed, the failure is on record in words that a database can hold, and the worker goes on. */
class FailuresOfHandlersTest {
    private static final Stage<Json> WORK = Stage.named("work", Json.class);
    private static final Pipeline<Json, Json> PIPELINE =
            Pipeline.named("failing", Json.class).then(WORK);
    private static final Json GOOD = Json.of("\"good\"");

    /** A handler, and what is to be on record of it. */
    record Failing(String name, Handler<Json, Json> handler, String type, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Failing throwing(String name, Throwable thrown, String message) {
        Handler<Json, Json> handler = job -> {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown;
        };
        return new Failing(name, handler, thrown.getClass().getName(), message);
    }

    static Stream<Arguments> handlers() {
        return Stream.of(
                        throwing("a checked exception without a message", new IOException(), ""),
                        throwing("an error", new AssertionError("no"), "no"),
                        throwing("a linkage error", new NoClassDefFoundError("gone/Away"), "gone/Away"),
                        throwing("NUL characters", new IOException("a\u0000b"), "a\uFFFDb"),
                        throwing("half a character", new IOException("a\uD83D"), "a\uFFFD"),
                        throwing(
                                "ten million characters",
                                new IOException("x".repeat(10_000_000)),
                                "x".repeat(4_000) + "…"),
                        throwing("a circle of causes", circle(), "round"),
                        throwing("a hundred thousand causes", chain(100_000), "deep"),
                        throwing(
                                "an exception that throws when asked",
                                new Moody(),
                                "(its message can't be had: java.lang.UnsupportedOperationException)"),
                        new Failing("an endless recursion", job -> endless(1), "java.lang.StackOverflowError", ""),
                        new Failing(
                                "null",
                                job -> null,
                                "java.lang.NullPointerException",
                                "the handler of stage 'work' of pipeline failing v1 returned null: return done(…), later(…) or failed(…)"),
                        new Failing(
                                "a result that is too long",
                                job -> Outcome.done(Json.of("\"" + "x".repeat(1 << 20) + "\"")),
                                "java.lang.IllegalArgumentException",
                                "at most 1048576 bytes of JSON, but was 1048578"),
                        new Failing(
                                "a result that is no JSON",
                                job -> Outcome.done(Json.wellFormed("{")),
                                "java.lang.IllegalArgumentException",
                                "is not JSON: expected a name in quotes"),
                        new Failing("a reason with NUL", job -> Outcome.failed("a\u0000b"), "", "a\uFFFDb"),
                        new Failing("an empty reason", job -> Outcome.failed(""), "", ""),
                        new Failing(
                                "a reason of ten million characters",
                                job -> Outcome.failed("y".repeat(10_000_000)),
                                "",
                                "y".repeat(4_000) + "…"))
                .flatMap(failing -> Stream.of(Over.values()).map(over -> Arguments.of(failing, over)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handlers")
    void the_job_fails_and_says_why_and_the_worker_goes_on(Failing failing, Over over) throws Exception {
        Handlers<Json> handlers = Handlers.of(PIPELINE)
                .retrying(RetryPolicy.never())
                .on(
                        WORK,
                        job -> job.payload().equals(GOOD)
                                ? Outcome.done(GOOD)
                                : failing.handler().handle(job));
        String queue = "q-" + UUID.randomUUID();
        try (AnyPawl any = over.open(JsonCodec.none());
                Worker worker =
                        any.pawl().worker(queue).concurrency(1).run(handlers).start()) {
            JobId bad = any.jobs()
                    .enqueue(NewJob.of(PIPELINE, Json.NULL).queue(queue))
                    .id();
            JobId good =
                    any.jobs().enqueue(NewJob.of(PIPELINE, GOOD).queue(queue)).id();

            assertThat(any.jobs().await(bad, Duration.ofMinutes(1)).status()).isEqualTo(JobStatus.FAILED);
            assertThat(any.jobs().await(good, Duration.ofMinutes(1)).status()).isEqualTo(JobStatus.COMPLETED);
            List<Failure> failures = any.jobs().failures(bad);
            assertThat(failures).hasSize(1);
            assertThat(failures.get(0).kind()).isEqualTo(Failure.Kind.FAILED);
            assertThat(failures.get(0).errorType().orElse("")).isEqualTo(failing.type());
            assertThat(failures.get(0).message()).contains(failing.message());
            assertThat(worker.toString()).contains(queue);
        }
    }

    private static Throwable circle() {
        IOException one = new IOException("round");
        IOException other = new IOException("and round");
        one.initCause(other);
        other.initCause(one);
        return one;
    }

    private static Throwable chain(int length) {
        Exception cause = new IOException("root");
        for (int i = 1; i < length; i++) {
            cause = new IOException("link", cause);
        }
        return new IOException("deep", cause);
    }

    private static Outcome<Json> endless(int depth) {
        return depth == 0 ? Outcome.done(Json.NULL) : endless(depth + 1);
    }

    /** Behaves badly even as an exception. */
    private static final class Moody extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("not in the mood");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("not in the mood");
        }
    }
}
