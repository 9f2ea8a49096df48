package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.Json;
import dev.pawl.jackson.closed.Sealed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JacksonCodecTest {
    private final JacksonCodec codec = new JacksonCodec();

    record Recap(
            String title,
            LocalDate day,
            Instant at,
            Duration took,
            Optional<String> note,
            List<Page> pages,
            List<Integer> counts) {}

    record Page(int number, ZonedDateTime printed) {}

    static final class Order {
        private final String item;
        private final int count;

        @JsonCreator
        Order(String item, int count) {
            this.item = item;
            this.count = count;
        }

        public String getItem() {
            return item;
        }

        public int getCount() {
            return count;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Order order && item.equals(order.item) && count == order.count;
        }

        @Override
        public int hashCode() {
            return Objects.hash(item, count);
        }
    }

    static final class Opaque {}

    interface Shape {}

    @Test
    void records_with_times_and_optionals_come_back_equal() {
        // given
        ZonedDateTime printed = ZonedDateTime.of(2026, 2, 16, 9, 30, 0, 123_456_789, ZoneOffset.ofHours(2));
        Recap recap = new Recap(
                "Monday \u0000 \uD83D\uDE00",
                LocalDate.of(2026, 2, 16),
                Instant.parse("2026-02-16T09:30:00.123456789Z"),
                Duration.ofMillis(61_001),
                Optional.empty(),
                List.of(new Page(1, printed)),
                List.of(1, 2));

        // when
        Json json = codec.write(recap);
        Recap back = codec.read(json, Recap.class);

        // then
        assertThat(back).usingRecursiveComparison().isEqualTo(recap);
        assertThat(json).isEqualTo(Json.of(json.text()));
        assertThat(json.text()).contains("\"2026-02-16T09:30:00.123456789Z\"").contains("\"PT1M1.001S\"");
    }

    @Test
    void a_class_is_built_by_its_constructor_s_parameter_names() {
        Order order = new Order("tea", 2);

        assertThat(codec.read(codec.write(order), Order.class)).isEqualTo(order);
    }

    @Test
    void equal_values_are_written_as_equal_text() {
        // given
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("b", 2);
        one.put("a", 1);
        Map<String, Integer> other = new LinkedHashMap<>();
        other.put("a", 1);
        other.put("b", 2);

        // then
        assertThat(codec.write(one)).isEqualTo(codec.write(other)).isEqualTo(Json.of("{\"a\":1,\"b\":2}"));
    }

    @Test
    void what_a_newer_deploy_added_is_ignored() {
        Json newer = Json.of("{\"number\":1,\"printed\":\"2026-02-16T09:30:00Z\",\"colour\":\"red\"}");

        assertThat(codec.read(newer, Page.class).number()).isEqualTo(1);
    }

    @Test
    void a_type_that_can_not_be_written_is_named() {
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.write(new Opaque()))
                .withMessageContaining("can't write " + Opaque.class.getName())
                .withMessageContaining("record")
                .satisfies(e -> assertThat(e.type()).isEqualTo(Opaque.class));
    }

    @Test
    void a_type_that_can_not_be_built_is_named() {
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.read(Json.of("{}"), Shape.class))
                .withMessageContaining("can't read " + Shape.class.getName())
                .withMessageContaining("@JsonCreator");
    }

    @Test
    void a_package_that_is_not_open_is_told() {
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.write(new Sealed(1)))
                .withMessageEndingWith("Add `opens dev.pawl.jackson.closed to com.fasterxml.jackson.databind;` to the"
                        + " module-info.java of dev.pawl.jackson");
    }

    @Test
    void json_of_another_shape_is_told_with_its_path() {
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.read(Json.of("{\"pages\":[{\"number\":\"many\"}]}"), Recap.class))
                .withMessageContaining("can't read " + Recap.class.getName())
                .withMessageContaining("number")
                .withMessageContaining("@JsonAlias");
    }

    @Test
    void text_that_is_not_json_is_told_apart() {
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.read(Json.wellFormed("{"), Page.class))
                .withMessageContaining("not written by this codec");
    }

    @Test
    void null_is_a_value_of_optional_only() {
        assertThat((Object) codec.read(Json.NULL, Optional.class)).isEqualTo(Optional.empty());
        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> codec.read(Json.NULL, Page.class))
                .withMessageContaining("null");
    }

    @Test
    void the_application_s_own_mapper_is_used_as_it_is() {
        JacksonCodec own = new JacksonCodec(new ObjectMapper());

        assertThatExceptionOfType(JacksonCodecException.class)
                .isThrownBy(() -> own.write(LocalDate.EPOCH))
                .withMessageContaining("java.time.LocalDate");
        assertThat(own.write(List.of(1, 2))).isEqualTo(Json.of("[1,2]"));
    }

    @Test
    void the_tests_run_inside_the_module() {
        assertThat(JacksonCodec.class.getModule().getName()).isEqualTo("dev.pawl.jackson");
    }
}
