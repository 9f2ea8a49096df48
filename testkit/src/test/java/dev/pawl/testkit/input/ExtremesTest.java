package dev.pawl.testkit.input;

import static dev.pawl.testkit.input.Desk.FETCH;
import static dev.pawl.testkit.input.Desk.RECAP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is just good enough: taken by both stores, and, where it is JSON, given back to the letter (rule J11). */
class ExtremesTest {
    private static final Duration LONGEST = Duration.ofDays(3_660);

    /** A text with a name for the report. */
    record Text(String name, String json) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                        new Text("as long as may be", "\"" + "x".repeat((1 << 20) - 2) + "\""),
                        new Text("as many bytes as may be", "\"" + "é".repeat((1 << 19) - 1) + "\""),
                        new Text("as deep as may be", "[".repeat(512) + "1" + "]".repeat(512)),
                        new Text("an escaped NUL", "{\"a\\u0000b\": \"\\u0000\"}"),
                        new Text("escaped halves of characters", "[\"\\ud83d\", \"\\udc00\\ud800\"]"),
                        new Text("characters of four bytes", "\"😀\uDBFF\uDFFD\""),
                        new Text("a byte order mark within", "\"\uFEFF\u2028\u200F\""),
                        new Text("a huge exponent", "[1e400000000, -0.0, 1E-99999]"),
                        new Text("a number of ten thousand digits", "7".repeat(10_000)),
                        new Text("a name twice", "{\"b\":1,\"a\":2,  \"b\":3}"),
                        new Text("an empty name", "{\"\":\"\"}"),
                        new Text("white space around", " \t\r\n null \n"),
                        new Text("what SQL would mind", "\"'; drop table job; -- \\\\ :named ? <schema>\""))
                .flatMap(text -> Stream.of(Over.values()).map(over -> Arguments.of(text, over)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("texts")
    void J11_json_comes_back_to_the_letter(Text text, Over over) {
        Json json = Json.of(text.json());
        try (Desk desk = Desk.over(over)) {
            ClaimedJob<Json> held = desk.held();

            JobId id = desk.jobs().enqueue(desk.job(json)).id();
            held.saveProgress(json);
            Json saved =
                    desk.jobs().find(held.id()).flatMap(JobSnapshot::progress).orElseThrow();
            held.checkpoint(FETCH, json);

            assertThat(saved.text()).isEqualTo(text.json());
            assertThat(desk.jobs().result(held.id(), RECAP, FETCH)).contains(json);
            assertThat(desk.jobs().find(id).orElseThrow().payload()).isEqualTo(json);
        }
    }

    @ParameterizedTest
    @EnumSource
    void names_and_keys_of_any_length_and_script_are_kept(Over over) {
        String key = "😀".repeat(127) + "'"; // 255 chars, 509 bytes
        Actor actor = Actor.user("\u05D0\u202E; '\" \\ %s {}");
        try (Desk desk = Desk.over(over)) {
            JobId id = desk.jobs()
                    .enqueue(desk.job(Json.NULL).key(key).triggeredBy(actor))
                    .id();

            assertThat(desk.jobs().enqueue(desk.job(Json.NULL).key(key)).id()).isEqualTo(id);
            JobSnapshot job = desk.jobs().find(id).orElseThrow();
            assertThat(job.key()).contains(key);
            assertThat(job.triggeredBy()).isEqualTo(actor);
        }
    }

    @ParameterizedTest
    @EnumSource
    void priorities_at_their_limits_are_kept_and_obeyed(Over over) {
        try (Desk desk = Desk.over(over)) {
            desk.jobs().cancel(desk.pending(), Actor.SYSTEM);
            JobId last =
                    desk.jobs().enqueue(desk.job(Json.NULL).priority(-1_000)).id();
            JobId first =
                    desk.jobs().enqueue(desk.job(Json.NULL).priority(1_000)).id();

            List<ClaimedJob<Json>> claimed = desk.jobs().claim(RECAP, desk.queue(), 10_000, Duration.ofNanos(1));

            assertThat(claimed).extracting(ClaimedJob::id).containsExactly(first, last);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_longest_delays_leases_and_start_times_are_taken(Over over) {
        Instant latest = Instant.parse("9999-12-31T00:00:00Z");
        try (Desk desk = Desk.over(over)) {
            JobId delayed =
                    desk.jobs().enqueue(desk.job(Json.NULL).after(LONGEST)).id();
            JobId dated =
                    desk.jobs().enqueue(desk.job(Json.NULL).notBefore(latest)).id();
            List<ClaimedJob<Json>> claimed = desk.jobs().claim(RECAP, desk.queue(), 10, LONGEST);

            assertThat(claimed).extracting(ClaimedJob::id).containsExactly(desk.pending());
            assertThat(claimed.get(0).renew().expiresAt())
                    .isAfter(desk.held().lease().expiresAt());
            JobSnapshot job = desk.jobs().find(delayed).orElseThrow();
            assertThat(job.dueAt()).contains(job.enqueuedAt().plus(LONGEST));
            assertThat(desk.jobs().find(dated).orElseThrow().dueAt()).contains(latest);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_with_the_longest_of_all_durations_works(Over over) throws InterruptedException {
        try (Desk desk = Desk.over(over);
                Worker worker = desk.any()
                        .pawl()
                        .worker(desk.queue())
                        .run(Handlers.of(RECAP)
                                .on(FETCH, job -> Outcome.done(Json.NULL))
                                .on(Desk.SEND, job -> Outcome.done()))
                        .lease(LONGEST)
                        .pollInterval(LONGEST)
                        .grace(LONGEST)
                        .letGoAfterSilence(LONGEST)
                        .takeovers(Integer.MAX_VALUE - 1)
                        .start()) {
            worker.wake();

            assertThat(desk.jobs().await(desk.pending(), Duration.ofMinutes(1)).status())
                    .isEqualTo(JobStatus.COMPLETED);
        }
    }
}
