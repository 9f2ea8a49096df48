package dev.pawl.testkit.input;

import static dev.pawl.testkit.input.Desk.FETCH;
import static dev.pawl.testkit.input.Desk.RECAP;
import static dev.pawl.testkit.input.Desk.SEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What workers, pipelines, handlers, policies and stores can't be made with: refused where it is said, before anything starts. */
class BadSettingsTest {
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static final Stage<Json> FOREIGN = Stage.named("genre", Json.class);

    private static Arguments worker(String name, Consumer<Worker.Builder> setting, String words) {
        return Arguments.of(name, setting, words);
    }

    static Stream<Arguments> workers() {
        return Stream.of(
                worker("no handlers", Worker.Builder::start, "at least one pipeline: call run(handlers)"),
                worker(
                        "a stage without a handler",
                        worker -> worker.run(Handlers.of(RECAP).on(SEND, job -> Outcome.done()))
                                .start(),
                        "pipeline desk v1 has stages without a handler: [fetch]; add them with on(stage, handler)"),
                worker(
                        "two handlers of one pipeline",
                        worker -> worker.run(handlers()).run(handlers()).start(),
                        "two handlers of desk; a version that continues an older one takes its jobs along"),
                worker("no concurrency", worker -> worker.concurrency(0), "concurrency must be 1 to 10000, but was 0"),
                worker("too much concurrency", worker -> worker.concurrency(10_001), "1 to 10000, but was 10001"),
                worker(
                        "less than no prefetch",
                        worker -> worker.prefetch(-1),
                        "prefetch must be 0 to 9000, but was -1"),
                worker("too much prefetch", worker -> worker.prefetch(9_001), "0 to 9000, but was 9001"),
                worker("takeovers below zero", worker -> worker.takeovers(-1), "takeovers must be 0 to"),
                worker(
                        "a short lease",
                        worker -> worker.lease(Duration.ofMillis(99)),
                        "at least PT0.1S, but was PT0.099S"),
                worker(
                        "a lease of nothing",
                        worker -> worker.lease(Duration.ZERO),
                        "lease length must be longer than zero"),
                worker("a lease for ever", worker -> worker.lease(ENDLESS), "lease length must be at most 3660 days"),
                worker("a lease backwards", worker -> worker.lease(NEGATIVE), "longer than zero, but was PT-0.001S"),
                worker(
                        "polls at once",
                        worker -> worker.pollInterval(Duration.ZERO),
                        "poll interval must be longer than"),
                worker("polls in no time", worker -> worker.pollInterval(Duration.ofNanos(1)), "at least PT0.001S"),
                worker(
                        "polls never",
                        worker -> worker.pollInterval(ENDLESS),
                        "poll interval must be at most 3660 days"),
                worker("no grace at all", worker -> worker.grace(NEGATIVE), "grace must not be negative"),
                worker("endless grace", worker -> worker.grace(ENDLESS), "grace must be at most 3660 days"),
                worker(
                        "no silence at all",
                        worker -> worker.letGoAfterSilence(Duration.ZERO),
                        "silence must be longer"),
                worker("endless silence", worker -> worker.letGoAfterSilence(ENDLESS), "silence must be at most 3660"),
                worker(
                        "an empty name",
                        worker -> worker.name(""),
                        "worker name must have 1 to 255 characters, but had 0"),
                worker("a name of two lines", worker -> worker.name("a\nb"), "but has U+000A at index 1: 'a\\u000Ab'"),
                worker(
                        "a long name",
                        worker -> worker.name("n".repeat(101)),
                        "the worker name must be 1 to 100, but was 101"));
    }

    private static Handlers<Json> handlers() {
        return Handlers.of(RECAP).on(FETCH, job -> Outcome.done(Json.NULL)).on(SEND, job -> Outcome.done());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("workers")
    void a_worker_with_a_bad_setting_does_not_start(String name, Consumer<Worker.Builder> setting, String words) {
        try (Desk desk = Desk.over(Over.IN_MEMORY)) {
            String before = desk.stored();

            assertThatThrownBy(() -> setting.accept(desk.any().pawl().worker(desk.queue())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(words);

            assertThat(desk.stored()).isEqualTo(before);
        }
    }

    private static Arguments code(String name, Runnable making, String words) {
        return Arguments.of(name, making, words);
    }

    static Stream<Arguments> code() {
        Pipeline.Builder<Json> start = Pipeline.named("recap", Json.class);
        Pipeline<Json, Json> first = start.then(FETCH);
        JdbiPawl.Settings settings = JdbiPawl.with(new PGSimpleDataSource());
        return Stream.of(
                code("a stage twice", () -> first.then(FETCH), "pipeline recap has a stage 'fetch' already"),
                code(
                        "version zero",
                        () -> start.version(0),
                        "version of pipeline recap must be 1 to 2147483647, but was 0"),
                code("continuing itself", () -> start.continuing(first), "can only continue a lower version of itself"),
                code(
                        "continuing another",
                        () -> start.version(2).continuing(OTHER),
                        "pipeline recap v2 can only continue a lower version of itself, but was to continue other v1"),
                code(
                        "a handler twice",
                        () -> handlers().on(FETCH, job -> Outcome.done(Json.NULL)),
                        "has its handler already"),
                code(
                        "a handler of an unknown stage",
                        () -> handlers().on(FOREIGN, job -> Outcome.done(Json.NULL)),
                        "pipeline desk v1 has no stage 'genre' with result type dev.pawl.Json; its stages are [fetch, send]"),
                code(
                        "replacing what there is not",
                        () -> Handlers.of(RECAP).replacing(SEND, job -> Outcome.done()),
                        "stage 'send' of pipeline desk v1 has no handler to replace"),
                code(
                        "no attempts",
                        () -> RetryPolicy.standard().attempts(0),
                        "attempts must be 1 to 2147483647, but was 0"),
                code(
                        "a delay for ever",
                        () -> RetryPolicy.exponential(Duration.ofSeconds(1), ENDLESS),
                        "cap must be at most 3660 days"),
                code(
                        "a delay backwards",
                        () -> RetryPolicy.exponential(NEGATIVE, Duration.ofSeconds(1)),
                        "first delay must be longer than zero, but was PT-0.001S"),
                code(
                        "a cap below the first delay",
                        () -> RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                        "cap must be at least the first delay PT2S, but was PT1S"),
                code("a schema of no name", () -> settings.schema(""), "schema name must be 1 to 63 of a-z"),
                code(
                        "a schema that begins with pg_",
                        () -> settings.schema("pg_x"),
                        "but not with 'pg_', but was 'pg_x'"),
                code("a schema of two lines", () -> settings.schema("pawl\n"), "but was 'pawl\\u000A'"),
                code(
                        "a schema that is SQL",
                        () -> settings.schema("pawl\"; drop schema public; --"),
                        "but was 'pawl\"; drop schema public; --'"),
                code("a limit of no bytes", () -> settings.jsonLimit(0), "in bytes must be 1 to 67108864, but was 0"),
                code("a limit too high", () -> settings.jsonLimit((64 << 20) + 1), "1 to 67108864, but was 67108865"),
                code(
                        "a process of no name",
                        () -> settings.name("\u0000"),
                        "name of this process must have printable"));
    }

    private static final Pipeline<Json, Json> OTHER =
            Pipeline.named("other", Json.class).then(FETCH);

    @ParameterizedTest(name = "{0}")
    @MethodSource("code")
    void what_makes_no_sense_can_not_be_made(String name, Runnable making, String words) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
