package dev.pawl.testkit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.AnyPawl;
import dev.pawl.testkit.AnyPawl.Over;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application's codec that fails, or breaks its contract. */
class CodecsTest {
    private static final Stage<String> FETCH = Stage.named("fetch", String.class);
    private static final Pipeline<String, Void> PIPELINE =
            Pipeline.named("codecs", String.class).then(FETCH).then(Stage.named("send"));

    private final String queue = "q-" + UUID.randomUUID();
    private final Whimsical codec = new Whimsical();

    /** Writes and reads strings, until it is told to do something else. */
    private static final class Whimsical implements JsonCodec {
        private Function<Object, Json> writing = value -> Json.of("\"" + value + "\"");
        private Function<Json, Object> reading = Json::text;

        @Override
        public Json write(Object value) {
            return writing.apply(value);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T read(Json json, Class<T> type) {
            return (T) reading.apply(json);
        }

        @Override
        public String toString() {
            return "WhimsicalCodec";
        }
    }

    private NewJob<String> job() {
        return NewJob.of(PIPELINE, "today").queue(queue);
    }

    private ClaimedJob<String> claimed(AnyPawl any) {
        any.jobs().enqueue(job());
        return any.jobs().claim(PIPELINE, queue, 1, Duration.ofMinutes(5)).get(0);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_codec_throws_is_thrown_as_it_is_and_nothing_is_written(Over over) {
        try (AnyPawl any = over.open(codec)) {
            ClaimedJob<String> held = claimed(any);
            String before = any.stored(queue);
            RuntimeException failure = new UnsupportedOperationException("no such value");
            codec.writing = value -> {
                throw failure;
            };

            assertThatThrownBy(() -> any.jobs().enqueue(job())).isSameAs(failure);
            assertThatThrownBy(() -> held.saveProgress("half")).isSameAs(failure);
            assertThatThrownBy(() -> held.checkpoint(FETCH, "all")).isSameAs(failure);

            assertThat(any.stored(queue)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_codec_that_writes_null_is_named_and_nothing_is_written(Over over) {
        try (AnyPawl any = over.open(codec)) {
            ClaimedJob<String> held = claimed(any);
            String before = any.stored(queue);
            codec.writing = value -> null;

            assertThatThrownBy(() -> any.jobs().enqueue(job()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("WhimsicalCodec wrote null for the payload of job of codecs v1 in queue " + queue
                            + ": a codec must write JSON, or throw");
            assertThatThrownBy(() -> held.saveProgress("half"))
                    .hasMessageStartingWith("WhimsicalCodec wrote null for the progress of job " + held.id());
            assertThatThrownBy(() -> held.checkpoint(FETCH, "all"))
                    .hasMessageStartingWith("WhimsicalCodec wrote null for the result of stage 'fetch' of job ");

            assertThat(any.stored(queue)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_codec_that_writes_no_json_is_named_and_nothing_is_written(Over over) {
        try (AnyPawl any = over.open(codec)) {
            ClaimedJob<String> held = claimed(any);
            String before = any.stored(queue);
            codec.writing = value -> Json.wellFormed("today");

            assertThatThrownBy(() -> any.jobs().enqueue(job()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("WhimsicalCodec wrote for the payload of job of codecs v1 in queue " + queue
                            + " what is not JSON: expected a value at character 0 of 5, but there was 't'");
            assertThatThrownBy(() -> held.saveProgress("half")).hasMessageContaining("what is not JSON");
            assertThatThrownBy(() -> held.checkpoint(FETCH, "all")).hasMessageContaining("what is not JSON");

            assertThat(any.stored(queue)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_codec_that_reads_null_is_named_instead_of_passing_for_no_value(Over over) {
        try (AnyPawl any = over.open(codec)) {
            ClaimedJob<String> held = claimed(any);
            held.saveProgress("half");
            codec.reading = json -> null;
            String words = "WhimsicalCodec read null for java.lang.String: a codec must return a value, or throw";

            assertThatThrownBy(held::payload)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(words);
            assertThatThrownBy(() -> held.progress(String.class)).hasMessage(words);
            held.checkpoint(FETCH, "all");
            assertThatThrownBy(() -> held.result(FETCH)).hasMessage(words);
            JobId id = held.id();
            assertThatThrownBy(() -> any.jobs().result(id, PIPELINE, FETCH)).hasMessage(words);
        }
    }
}
