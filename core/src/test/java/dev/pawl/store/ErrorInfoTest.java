package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorInfoTest {
    @Test
    void an_exception_is_told_with_class_message_and_trace() {
        ErrorInfo error = ErrorInfo.of(new IllegalStateException("no"));
        assertThat(error.type()).contains("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("no");
        assertThat(error.stackTrace().orElseThrow()).contains("ErrorInfoTest.java");
    }

    @Test
    void an_exception_without_a_message_has_an_empty_one() {
        assertThat(ErrorInfo.of(new IllegalStateException()).message()).isEmpty();
    }

    @Test
    void what_a_database_can_not_hold_is_replaced_and_what_is_long_is_cut() {
        assertThat(ErrorInfo.of("a\u0000b\uD83D!😀").message()).isEqualTo("a\uFFFDb\uFFFD!😀");
        assertThat(ErrorInfo.of("x".repeat(10_000)).message()).hasSize(4_001).endsWith("…");
    }

    @Test
    void a_chain_of_causes_that_no_stack_holds_is_told_without_its_trace() {
        Exception cause = new IllegalStateException("root");
        for (int i = 0; i < 100_000; i++) {
            cause = new IllegalStateException("link", cause);
        }

        ErrorInfo error = ErrorInfo.of(cause);

        assertThat(error.message()).isEqualTo("link");
        assertThat(error.stackTrace()).contains("(its stack trace can't be had: java.lang.StackOverflowError)");
    }

    @Test
    void a_cut_through_a_character_leaves_no_half() {
        String cut = ErrorInfo.of("x".repeat(3_999) + "😀😀").message();
        assertThat(cut).endsWith("x\uFFFD…");
    }
}
