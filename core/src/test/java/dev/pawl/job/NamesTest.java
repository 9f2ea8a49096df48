package dev.pawl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.FencingToken;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final UUID ID = UUID.fromString("0190a6c1-0000-7000-8000-000000000001");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("recap", Json.class).then(Stage.named("fetch"));

    @Test
    void a_job_id_is_read_as_it_is_printed() {
        JobId id = new JobId("recap", ID);
        assertThat(JobId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "recap",
                "recap/",
                "recap/1-2-3-4-5",
                "Recap/0190a6c1-0000-7000-8000-000000000001",
                "/0190a6c1-0000-7000-8000-000000000001"
            })
    void what_is_no_job_id_is_refused(String text) {
        assertThatThrownBy(() -> JobId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Recap", "-a", "a b", "a;drop table job", "ä", "a\u0000", "a\n", "a\r", "ａ", "a\u200B", "a/b"
            })
    void bad_names_are_refused_everywhere(String name) {
        assertThatThrownBy(() -> new JobId(name, ID)).hasMessageContaining("queue must be 1 to 63 of a-z");
        assertThatThrownBy(() -> Stage.named(name)).hasMessageContaining("stage must be");
        assertThatThrownBy(() -> Pipeline.named(name, Json.class)).hasMessageContaining("pipeline must be");
        assertThatThrownBy(() -> NewJob.of(PIPELINE, Json.NULL).queue(name)).hasMessageContaining("queue must be");
    }

    @Test
    void a_name_has_at_most_63_characters() {
        assertThat(Stage.named("a".repeat(63)).name()).hasSize(63);
        assertThatThrownBy(() -> Stage.named("a".repeat(64))).hasMessageContaining("1 to 63");
    }

    @Test
    void a_bad_value_is_shown_cut_and_with_escapes_for_what_can_not_be_seen() {
        assertThatThrownBy(() -> Stage.named("a\nb\u202Ec\uD83D"))
                .hasMessageEndingWith("but was 'a\\u000Ab\\u202Ec\\uD83D'");
        assertThatThrownBy(() -> Stage.named("x".repeat(79) + "😀😀"))
                .hasMessageEndingWith("but was '" + "x".repeat(79) + "…'");
        assertThatThrownBy(() -> JobId.parse("x".repeat(10_000)))
                .hasMessage("a job id is a queue, a slash and a UUID, but was '" + "x".repeat(80) + "…'");
    }

    @Test
    void a_key_is_printable_and_not_too_long() {
        NewJob<Json> job = NewJob.of(PIPELINE, Json.NULL);
        assertThat(job.key("2026-02-16 é 😀").settings().key()).contains("2026-02-16 é 😀");
        assertThatThrownBy(() -> job.key("a\nb")).hasMessageContaining("U+000A at index 1");
        assertThatThrownBy(() -> job.key("")).hasMessageContaining("1 to 255 characters, but had 0");
        assertThatThrownBy(() -> job.key("k".repeat(256))).hasMessageContaining("but had 256");
        assertThatThrownBy(() -> job.key("\uD83D")).hasMessageContaining("U+D83D");
    }

    @Test
    void durations_and_times_out_of_range_are_refused() {
        NewJob<Json> job = NewJob.of(PIPELINE, Json.NULL);
        assertThatThrownBy(() -> job.after(Duration.ofMillis(-1)))
                .hasMessageContaining("must not be negative, but was PT-0.001S");
        assertThatThrownBy(() -> job.after(Duration.ofDays(100_000))).hasMessageContaining("at most 3660 days");
        assertThatThrownBy(() -> job.notBefore(Instant.MAX)).hasMessageContaining("9999-12-31");
        assertThatThrownBy(() -> job.after(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("delay must be at most 3660 days");
        assertThatThrownBy(() -> job.after(Duration.ofSeconds(Long.MIN_VALUE)))
                .hasMessageContaining("delay must not be negative");
        assertThatThrownBy(() -> job.notBefore(Instant.MIN)).hasMessageContaining("2000-01-01");
        assertThatThrownBy(() -> job.priority(1_001)).hasMessageContaining("-1000 to 1000, but was 1001");
        assertThatThrownBy(() -> job.priority(Integer.MIN_VALUE)).hasMessageContaining("but was -2147483648");
        assertThatThrownBy(() -> Outcome.later(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("delay must be at most 3660 days");
    }

    @Test
    void a_job_with_an_id_lives_in_the_ids_queue() {
        NewJob<Json> job = NewJob.of(PIPELINE, Json.NULL).id(new JobId("other", ID));
        assertThat(job.settings().queue()).isEqualTo("other");
        assertThatThrownBy(() -> job.queue("third")).hasMessageContaining("can't be enqueued in queue third");
    }

    @Test
    void a_user_has_an_id_and_the_system_none() {
        assertThat(Actor.user("ann")).hasToString("user ann");
        assertThatThrownBy(() -> Actor.user("")).hasMessageContaining("user id");
        assertThatThrownBy(() -> new Actor(Actor.Kind.SYSTEM, java.util.Optional.of("ann")))
                .hasMessageContaining("must not have a user id, but had 'ann'");
    }

    @Test
    void a_token_is_at_least_1() {
        assertThatThrownBy(() -> new FencingToken(0)).hasMessage("fencing token must be at least 1, but was 0");
    }
}
