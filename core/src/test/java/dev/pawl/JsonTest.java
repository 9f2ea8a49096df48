package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                " false\n",
                "0",
                "-0.5e+10",
                "\"\"",
                "\"\\u0000 \\\" \\/ é 😀\"",
                "[]",
                "[1,[2,{}]]",
                "{}",
                "{\"b\":1, \"a\":2,\"a\":3}"
            })
    void what_is_json_comes_back_to_the_letter(String text) {
        assertThat(Json.of(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''        | expected a value at character 0 of 0, but the text ended",
                "nul       | expected a value at character 0",
                "01        | expected the end at character 1",
                "1.        | expected a digit at character 2",
                "+1        | expected a value at character 0 of 2, but there was '+'",
                "[1,]      | expected a value at character 3",
                "[1 2]     | expected ']' at character 3",
                "{a:1}     | expected a name in quotes at character 1",
                "{\"a\" 1} | expected ':' at character 5",
                "\"a       | expected a closing quote",
                "\"\\x\"   | expected an escape at character 2",
                "\"\\u12g\"| expected four hexadecimal digits at character 5",
                "{} {}     | expected the end at character 3",
            })
    void what_is_not_json_is_refused_with_the_place(String text, String message) {
        assertThatThrownBy(() -> Json.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void control_characters_and_halves_of_characters_are_refused() {
        assertThatThrownBy(() -> Json.of("\"a\u0000b\"")).hasMessageContaining("U+0000");
        assertThatThrownBy(() -> Json.of("\"\uD83D\"")).hasMessageContaining("half of one");
    }

    @Test
    void nesting_is_bounded_so_that_no_text_exhausts_a_stack() {
        assertThat(Json.of("[".repeat(500) + "]".repeat(500))).isNotNull();
        assertThatThrownBy(() -> Json.of("[".repeat(100_000))).hasMessageContaining("nesting of at most 512");
    }

    @Test
    void equality_is_of_the_text() {
        assertThat(Json.of("{\"a\":1}")).isEqualTo(Json.wellFormed("{\"a\":1}")).isNotEqualTo(Json.of("{ \"a\":1}"));
    }

    @Test
    void without_a_codec_every_other_type_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> JsonCodec.none().write(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("java.lang.Integer")
                .hasMessageContaining("JacksonCodec");
    }
}
