package dev.pawl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Running;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedTest {
    private final Started started = new Started();
    private final List<String> events = new ArrayList<>();

    private final class Named implements Running {
        private final String name;
        private final Runnable onClose;

        Named(String name, Runnable onClose) {
            this.name = name;
            this.onClose = onClose;
        }

        @Override
        public void close() {
            events.add(name + " closed");
            onClose.run();
        }
    }

    private void begin(String name, Runnable onClose) {
        started.begin(new Named(name, onClose), () -> events.add(name + " begun"));
    }

    @Test
    void what_goes_on_is_closed_and_what_has_ended_is_not() {
        Named ended = new Named("ended", () -> {});
        started.begin(ended, () -> {});
        begin("one", () -> {});
        started.ended(ended);

        started.close();

        assertThat(events).containsExactly("one begun", "one closed");
    }

    @Test
    void nothing_begins_while_others_are_closed() {
        begin(
                "one",
                () -> assertThatThrownBy(() -> begin("late", () -> {}))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed"));

        started.close();

        assertThat(events)
                .as("what is refused is left with nothing")
                .containsExactly("one begun", "one closed", "late closed");
    }

    @Test
    void what_could_not_begin_is_closed_at_once_and_not_again() {
        Named one = new Named("one", () -> {});

        assertThatThrownBy(() -> started.begin(one, () -> {
                    throw new OutOfMemoryError("no more threads");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        started.close();

        assertThat(events).containsExactly("one closed");
    }

    @Test
    void all_are_closed_whatever_one_of_them_throws() {
        begin("one", () -> {
            throw new IllegalStateException("one");
        });
        begin("two", () -> {
            throw new IllegalStateException("two");
        });

        assertThatThrownBy(started::close)
                .hasMessage("one")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));

        assertThat(events).endsWith("one closed", "two closed");
    }
}
