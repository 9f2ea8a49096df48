package dev.pawl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final BackOff backOff = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    @Test
    void it_doubles_up_to_its_limit() {
        assertThat(Stream.generate(() -> backOff.failedAfter(AT_ONCE).toSeconds())
                        .limit(6))
                .containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void it_begins_anew_once_something_went_well() {
        backOff.failedAfter(AT_ONCE);
        backOff.failedAfter(AT_ONCE);
        backOff.wentWell();

        assertThat(backOff.failedAfter(AT_ONCE)).hasSeconds(1);
    }

    @Test
    void it_begins_anew_once_something_failed_after_a_long_time_only() {
        backOff.failedAfter(AT_ONCE);
        backOff.failedAfter(AT_ONCE);

        assertThat(backOff.failedAfter(Duration.ofSeconds(9))).hasSeconds(4);
        assertThat(backOff.failedAfter(Duration.ofSeconds(10))).hasSeconds(1);
        assertThat(backOff.failedAfter(AT_ONCE)).hasSeconds(2);
    }
}
