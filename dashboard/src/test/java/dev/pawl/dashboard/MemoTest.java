package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers are asked for once, kept for a moment, and not waited for longer than that. */
class MemoTest {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private long now;

    private Memo<Integer> memo(List<Runnable> asked) {
        return new Memo<>(asked::add, Duration.ofMillis(20), () -> now);
    }

    @Test
    void an_answer_that_does_not_come_is_given_up() {
        List<Runnable> asked = new ArrayList<>();

        assertThatThrownBy(() -> memo(asked).get("queues", FRESH, () -> 1))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(503);
                    assertThat(problem.retryAfter()).isPresent();
                })
                .hasMessageContaining("has not answered within");
        assertThat(asked).hasSize(1);
    }

    @Test
    void what_is_fresh_is_not_asked_again() {
        Memo<Integer> memo = new Memo<>(Runnable::run, Duration.ofSeconds(30), () -> now);
        AtomicInteger count = new AtomicInteger();

        assertThat(memo.get("queues", FRESH, count::incrementAndGet)).isEqualTo(1);
        now += FRESH.toNanos() - 1;
        assertThat(memo.get("queues", FRESH, count::incrementAndGet)).isEqualTo(1);
        assertThat(memo.get("scans", FRESH, count::incrementAndGet)).isEqualTo(2);
        now += 1;
        assertThat(memo.get("queues", FRESH, count::incrementAndGet)).isEqualTo(3);
    }
}
