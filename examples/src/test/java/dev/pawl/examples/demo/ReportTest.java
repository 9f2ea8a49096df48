package dev.pawl.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final List<String> lines = Report.lines(Samples.right(), Samples.PLOT, Samples.RECAPS);

    @Test
    void a_takeover_is_shown_from_token_to_token() {
        assertThat(lines)
                .contains("1900s          evidence  #2 worker-2  ->  #10 worker-3  worker-2 was frozen")
                .contains("1840s economy  read      #3 worker-1  ->  #7 worker-3   worker-1 was killed");
    }

    @Test
    void a_refused_write_is_shown_with_its_reason() {
        assertThat(lines)
                .contains("1900s  evidence  #2 worker-2  progress refused: its lease was superseded by #10 (worker-3)");
    }

    @Test
    void a_job_is_shown_with_who_did_which_stages() {
        assertThat(lines).contains("1900s  completed  1 of 1  fetch-select #2 worker-2, evidence-persist #10 worker-3");
    }

    @Test
    void the_totals_count_what_the_database_has() {
        assertThat(lines.stream().map(line -> line.replaceAll(" {2,}", ": ")))
                .contains(
                        "jobs completed: 2",
                        "jobs lost: 0",
                        "stages checkpointed: 16 of 16",
                        "stages checkpointed twice: 0",
                        "genres started as children: 2",
                        "genres read: 2",
                        "genres lost: 0",
                        "recaps that differ from a run without jobs: 0");
    }

    @Test
    void no_line_is_longer_than_a_screen_is_wide() {
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }
}
