package dev.pawl.testkit.input;

import static dev.pawl.testkit.input.Desk.ANN;
import static dev.pawl.testkit.input.Desk.FETCH;
import static dev.pawl.testkit.input.Desk.LEASE;
import static dev.pawl.testkit.input.Desk.RECAP;
import static dev.pawl.testkit.input.Desk.SEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.RefusedException;
import dev.pawl.testkit.AnyPawl.Over;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One bad call each, on both stores: what is thrown, in which words, and that nothing has changed. */
class BadCallsTest {
    private static final int LIMIT = 1 << 20;
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration BACKWARDS = Duration.ofSeconds(Long.MIN_VALUE);
    private static final Stage<Json> FOREIGN = Stage.named("genre", Json.class);
    private static final Pipeline<Json, Json> OTHER =
            Pipeline.named("other", Json.class).then(FOREIGN);
    private static final Pipeline<Json, Void> LONGER =
            Pipeline.named("desk", Json.class).then(FETCH).then(FOREIGN).then(SEND);

    @FunctionalInterface
    interface Call {
        void on(Desk desk) throws Exception;
    }

    /** A call, and what it is refused with. */
    record Bad(String name, Call call, Class<? extends Throwable> thrown, List<String> words) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad bad(String name, Call call, String... words) {
        return new Bad(name, call, IllegalArgumentException.class, List.of(words));
    }

    private static Bad missing(String name, Call call, String... words) {
        return new Bad(name, call, NullPointerException.class, List.of(words));
    }

    private static Bad refused(String name, Call call, String... words) {
        return new Bad(name, call, RefusedException.class, List.of(words));
    }

    private static Stream<Bad> json() {
        Json tooLong = Json.of("\"" + "x".repeat(LIMIT - 1) + "\"");
        Json tooManyBytes = Json.of("\"" + "é".repeat(LIMIT / 2) + "\"");
        String deep = "[".repeat(514) + "]".repeat(514);
        return Stream.of(
                bad(
                        "payload a byte too long",
                        desk -> desk.jobs().enqueue(desk.job(tooLong)),
                        "payload of job of desk v1",
                        "at most 1048576 bytes of JSON, but was 1048577",
                        "pass a reference, or raise the limit"),
                bad(
                        "payload of few characters and many bytes",
                        desk -> desk.jobs().enqueue(desk.job(tooManyBytes)),
                        "at most 1048576 bytes of JSON, but was 1048578"),
                bad(
                        "progress a byte too long",
                        desk -> desk.held().saveProgress(tooLong),
                        "progress of job q-",
                        "at most 1048576 bytes of JSON, but was 1048577"),
                bad(
                        "result a byte too long",
                        desk -> desk.held().checkpoint(FETCH, tooLong),
                        "result of stage 'fetch' of job q-",
                        "at most 1048576 bytes of JSON, but was 1048577"),
                bad(
                        "payload that is said to be JSON",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed("{day: 1}"))),
                        "payload of job of desk v1",
                        "is not JSON: expected a name in quotes at character 1 of 8, but there was 'd'"),
                bad(
                        "progress that is said to be JSON",
                        desk -> desk.held().saveProgress(Json.wellFormed("")),
                        "progress of job q-",
                        "is not JSON: expected a value at character 0 of 0, but the text ended"),
                bad(
                        "result that is said to be JSON",
                        desk -> desk.held().checkpoint(FETCH, Json.wellFormed("NaN")),
                        "result of stage 'fetch' of job q-",
                        "is not JSON: expected a value at character 0 of 3, but there was 'N'"),
                bad(
                        "payload with a NUL character",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed("\"a\u0000b\""))),
                        "expected a closing quote, or an escape for the control character at character 2 of 5",
                        "there was U+0000"),
                bad(
                        "payload with half a character",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed("\"\uD83D\""))),
                        "expected a character, not half of one at character 1 of 3, but there was U+D83D"),
                bad(
                        "payload with digits that only look like hexadecimal ones",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed("\"\\u00４１\""))),
                        "expected four hexadecimal digits at character 5"),
                bad(
                        "payload nested too deep",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed(deep))),
                        "expected nesting of at most 512 at character 513"),
                bad(
                        "payload nested as deep as a million",
                        desk -> desk.jobs().enqueue(desk.job(Json.wellFormed("[".repeat(1_000_000)))),
                        "expected nesting of at most 512 at character 513"));
    }

    private static Stream<Bad> enqueues() {
        return Stream.of(
                missing("no job", desk -> desk.jobs().enqueue(null), "job"),
                missing("no jobs", desk -> desk.jobs().enqueueAll(null), "jobs"),
                missing(
                        "no job among jobs",
                        desk -> desk.jobs().enqueueAll(Arrays.asList(desk.job(Json.NULL), null)),
                        "job"),
                bad(
                        "too many jobs",
                        desk -> desk.jobs().enqueueAll(Collections.nCopies(10_001, desk.job(Json.NULL))),
                        "jobs to enqueue in one call must be 0 to 10000, but was 10001"),
                bad(
                        "one bad payload among good ones",
                        desk -> desk.jobs().enqueueAll(List.of(desk.job(Json.NULL), desk.job(Json.wellFormed("?")))),
                        "not JSON: expected a value at character 0"),
                bad(
                        "a stage that is not recorded",
                        desk -> desk.jobs().enqueue(NewJob.of(LONGER, Json.NULL).queue(desk.queue())),
                        "pipeline desk v1 has the stages [fetch, genre, send] here, but is recorded with [fetch, send]",
                        "(added here: genre)",
                        "changed stages need a new version, which may continue v1"));
    }

    private static Stream<Bad> claims() {
        return Stream.of(
                missing("a claim for no pipeline", desk -> desk.jobs().claim(null, 1, LEASE), "pipeline"),
                missing("a claim without a length", desk -> claim(desk, 1, null), "lease length"),
                bad("a claim of nothing", desk -> claim(desk, 0, LEASE), "jobs to claim must be 1 to 10000, but was 0"),
                bad("a claim of less", desk -> claim(desk, -1, LEASE), "jobs to claim must be 1 to 10000, but was -1"),
                bad("a claim of too much", desk -> claim(desk, 10_001, LEASE), "1 to 10000, but was 10001"),
                bad(
                        "a lease of nothing",
                        desk -> claim(desk, 1, Duration.ZERO),
                        "lease length must be longer than zero"),
                bad("a lease backwards", desk -> claim(desk, 1, BACKWARDS), "must be longer than zero, but was PT-"),
                bad(
                        "a lease for ever",
                        desk -> claim(desk, 1, ENDLESS),
                        "lease length must be at most 3660 days, but was PT2562047788015215H30M7S"),
                bad(
                        "a claim from a queue of no name",
                        desk -> desk.jobs().claim(RECAP, "Recap\n", 1, LEASE),
                        "queue must be 1 to 63 of a-z, 0-9, '.', '_' and '-'",
                        "but was 'Recap\\u000A'"),
                bad(
                        "a claim by other stages",
                        desk -> desk.jobs().claim(LONGER, desk.queue(), 1, LEASE),
                        "pipeline desk v1 has the stages [fetch, genre, send] here, but is recorded with [fetch, send]"));
    }

    private static void claim(Desk desk, int max, Duration length) {
        desk.jobs().claim(RECAP, desk.queue(), max, length);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as an application does that knows no types
    private static Stream<Bad> writes() {
        return Stream.of(
                bad(
                        "a checkpoint of an unknown stage",
                        desk -> desk.held().checkpoint(FOREIGN, Json.NULL),
                        "pipeline desk v1 has no stage 'genre'",
                        "its stages are [fetch, send]"),
                bad(
                        "a checkpoint of a stage with another type",
                        desk -> desk.held().checkpoint(Stage.named("fetch", String.class), "x"),
                        "pipeline desk v1 has no stage 'fetch' with result type java.lang.String"),
                refused(
                        "a checkpoint of a stage ahead",
                        desk -> desk.held().checkpoint(SEND),
                        "the job is at stage position 0 and the write was for 1"),
                bad(
                        "a checkpoint without the stage's result",
                        desk -> desk.held().checkpoint((Stage) FETCH),
                        "stage 'fetch' of job q-",
                        "has a result, but was done without one"),
                bad(
                        "a checkpoint with a result that the stage does not have",
                        desk -> desk.held().checkpoint((Stage) SEND, Json.NULL),
                        "stage 'send' of job q-",
                        "has no result, but was done with one"),
                missing("a checkpoint with no result", desk -> desk.held().checkpoint(FETCH, null), "result"),
                missing("progress of nothing", desk -> desk.held().saveProgress(null), "progress of job q-", "null"),
                missing("a failure of nothing", desk -> desk.held().fail(null, RetryPolicy.never()), "cause"),
                missing(
                        "a failure without a policy",
                        desk -> desk.held().fail(new IllegalStateException(), null),
                        "policy"),
                bad(
                        "the result of a stage ahead",
                        desk -> desk.held().result(FETCH),
                        "has not passed stage 'fetch' yet: it is at 'fetch'"),
                bad("the result of an unknown stage", desk -> desk.held().result(FOREIGN), "has no stage 'genre'"));
    }

    private static Stream<Bad> questions() {
        return Stream.of(
                missing("nobody's job", desk -> desk.jobs().find(null), "id"),
                bad(
                        "a result of another pipeline",
                        desk -> desk.jobs().result(desk.held().id(), OTHER),
                        "is of pipeline desk v1, and has no result of a stage of other v1"),
                bad(
                        "a result of an unknown stage",
                        desk -> desk.jobs().result(desk.held().id(), RECAP, FOREIGN),
                        "pipeline desk v1 has no stage 'genre'"),
                bad(
                        "waiting backwards",
                        desk -> desk.jobs().await(desk.pending(), Duration.ofNanos(-1)),
                        "timeout must not be negative, but was PT-0.000000001S"),
                bad(
                        "waiting for ever",
                        desk -> desk.jobs().await(desk.pending(), ENDLESS),
                        "timeout must be at most 3660 days"),
                refused(
                        "waiting for a job that there is not",
                        desk -> desk.jobs().await(desk.unknown(), Duration.ZERO),
                        "there is no job q-",
                        "0190a6c1-0000-7000-8000-000000000001, or no longer"));
    }

    private static Stream<Bad> requests() {
        return Stream.of(
                refused(
                        "a cancel of a job that there is not",
                        desk -> desk.jobs().cancel(desk.unknown(), ANN),
                        "can't be cancelled: there is no such job, or no longer"),
                refused(
                        "a cancel of a job of another queue",
                        desk -> desk.jobs()
                                .cancel(new JobId("elsewhere", desk.pending().uuid()), ANN),
                        "job elsewhere/",
                        "can't be cancelled: there is no such job"),
                refused(
                        "a retry of a job that there is not",
                        desk -> desk.jobs().retry(desk.unknown(), ANN),
                        "can't be retried: there is no such job"),
                refused(
                        "a retry of a job that runs",
                        desk -> desk.jobs().retry(desk.held().id(), ANN),
                        "can't be retried: it is RUNNING, which allows no retry"),
                refused(
                        "a retry of a job that waits to be claimed",
                        desk -> desk.jobs().retry(desk.pending(), ANN),
                        "can't be retried: it is PENDING, which allows no retry"),
                missing("a cancel by nobody", desk -> desk.jobs().cancel(desk.pending(), null), "by"),
                missing("a retry by nobody", desk -> desk.jobs().retry(desk.pending(), null), "by"),
                missing("a pause by nobody", desk -> desk.jobs().pause(desk.queue(), null), "by"),
                bad("a pause of no name", desk -> desk.jobs().pause("", ANN), "queue must be 1 to 63", "but was ''"),
                bad(
                        "a pause of a name with a semicolon",
                        desk -> desk.jobs().pause("q; drop table job", ANN),
                        "but was 'q; drop table job'"),
                bad(
                        "a resumption of a name that is too long",
                        desk -> desk.jobs().resume("q".repeat(200), ANN),
                        "but was '" + "q".repeat(80) + "…'"));
    }

    static Stream<Arguments> calls() {
        return Stream.of(json(), enqueues(), claims(), writes(), questions(), requests())
                .flatMap(calls -> calls)
                .flatMap(call -> Stream.of(Over.values()).map(over -> Arguments.of(call, over)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("calls")
    void a_bad_call_is_refused_with_words_and_changes_nothing(Bad bad, Over over) {
        try (Desk desk = Desk.over(over)) {
            String before = desk.stored();

            assertThatThrownBy(() -> bad.call().on(desk))
                    .isInstanceOf(bad.thrown())
                    .hasMessageContainingAll(bad.words().toArray(CharSequence[]::new));

            assertThat(desk.stored()).isEqualTo(before);
            desk.held().checkpoint(FETCH, Json.of("1")); // which is still held
        }
    }
}
