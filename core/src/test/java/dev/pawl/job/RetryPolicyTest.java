package dev.pawl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private final Exception cause = new IOException("no");

    /** The most that can be drawn. */
    private static final RandomGenerator MOST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @ParameterizedTest
    @CsvSource({
        "1, 1000",
        "2, 2000",
        "3, 4000",
        "9, 256000",
        "10, 512000",
        "11, 600000",
        "60, 600000",
        "1000000, 600000"
    })
    void the_longest_delay_doubles_up_to_the_cap(int attempt, long millis) {
        RetryPolicy policy = RetryPolicy.standard().attempts(Integer.MAX_VALUE);
        assertThat(policy.retryIn(attempt, cause, MOST)).contains(Duration.ofMillis(millis));
    }

    @Test
    void the_delay_is_drawn_from_zero_to_the_longest() {
        RandomGenerator random = new SplittableRandom(42);
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(8), Duration.ofSeconds(8));
        double mean = random.ints(2_000)
                .mapToLong(i -> policy.retryIn(1, cause, random).orElseThrow().toMillis())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(3_600.0, 4_400.0);
    }

    @Test
    void the_last_attempt_is_not_retried() {
        RetryPolicy policy = RetryPolicy.standard().attempts(3);
        assertThat(policy.retryIn(2, cause, MOST)).isPresent();
        assertThat(policy.retryIn(3, cause, MOST)).isEqualTo(Optional.empty());
        assertThat(RetryPolicy.never().retryIn(1, cause, MOST)).isEmpty();
    }

    @Test
    void some_failures_end_the_job_at_once() {
        RetryPolicy policy = RetryPolicy.standard().exceptOn(IOException.class);
        assertThat(policy.retryIn(1, new java.io.FileNotFoundException(), MOST)).isEmpty();
        assertThat(policy.retryIn(1, new UncheckedIOException(new IOException()), MOST))
                .isPresent();
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> RetryPolicy.standard().attempts(0)).hasMessageContaining("attempts must be 1 to");
        assertThatThrownBy(() -> RetryPolicy.exponential(Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("longer than zero");
        assertThatThrownBy(() -> RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("cap must be at least the first delay PT2S, but was PT1S");
    }
}
