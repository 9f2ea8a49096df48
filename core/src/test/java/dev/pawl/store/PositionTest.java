package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.view.JobFilter;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Positions in lists of jobs, as text. */
class PositionTest {
    private static final JobFilter FILTER =
            JobFilter.all().queue("recap").status(JobStatus.FAILED, JobStatus.CANCELLED);
    private static final Position POSITION = new Position(
            Optional.of(Instant.parse("2026-02-16T04:05:06.123456Z")),
            new JobId("recap", UUID.fromString("01900000-0000-7000-8000-0000000000ff")));

    @Test
    void a_position_comes_back_as_it_was() {
        Position withoutEnd = new Position(Optional.empty(), POSITION.id());

        assertThat(Position.parse(POSITION.text(FILTER), FILTER)).isEqualTo(POSITION);
        assertThat(Position.parse(withoutEnd.text(FILTER), FILTER)).isEqualTo(withoutEnd);
        assertThat(POSITION.text(FILTER)).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void a_filter_that_was_made_in_another_order_is_the_same() {
        JobFilter same =
                JobFilter.all().status(JobStatus.CANCELLED, JobStatus.FAILED).queue("recap");

        assertThat(Position.parse(POSITION.text(FILTER), same)).isEqualTo(POSITION);
    }

    @Test
    void a_position_of_another_filter_is_refused() {
        assertThatThrownBy(() -> Position.parse(POSITION.text(FILTER), FILTER.rootsOnly()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another filter")
                .hasMessageContaining("first page");
    }

    @Test
    void a_damaged_position_is_refused_wherever_it_is_damaged() {
        String text = POSITION.text(FILTER);
        for (int i = 0; i < text.length(); i++) {
            String damaged = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
            String cut = text.substring(0, i);
            assertRefused(damaged);
            assertRefused(cut);
        }
        assertRefused("no position");
        assertRefused("A".repeat(100_000));
    }

    /** The last character has bits that are not looked at: then it is the same. */
    private static void assertRefused(String text) {
        try {
            assertThat(Position.parse(text, FILTER)).isEqualTo(POSITION);
            assertThat(text).hasSameSizeAs(POSITION.text(FILTER));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("position").hasMessageContaining("first page");
        }
    }
}
