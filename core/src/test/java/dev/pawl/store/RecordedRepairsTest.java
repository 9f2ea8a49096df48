package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedRepairsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 35, 36, 1_000_000, Long.MAX_VALUE})
    void a_position_comes_back_as_it_was_told(long number) {
        assertThat(RecordedRepairs.parse(RecordedRepairs.text(number))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "r1-",
                "r1-0",
                "r1--1",
                "r1-+1",
                "r1-01",
                "r1-A",
                "r1-1 ",
                "r1-zzzzzzzzzzzzzz",
                "r2-1",
                "r1-!"
            })
    void what_was_never_told_is_refused_with_what_to_do(String text) {
        assertThatThrownBy(() -> RecordedRepairs.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position '" + text + "' is damaged, or none of a list of repairs: ask for the first page");
    }
}
