package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.demo.Plot;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The whole demonstration, once: with processes, signals, and a database whose commits are durable. */
@Tag("slow")
@Isolated("its workers have leases of 3 s to keep")
class DemonstrationTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void every_figure_is_right_and_a_wrong_one_is_found(@TempDir Path logs) {
        try (Demonstration demonstration =
                new Demonstration(new PrintStream(shown, true, StandardCharsets.UTF_8), logs)) {
            Plot plot = demonstration.play();

            assertThat(demonstration.report(plot)).as(this::shown).isZero();
            assertThat(shown().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
            assertThat(shown()).contains("Every figure was read from the database and is as it should be.");

            // when a recap is in the application's table twice
            Jdbi.create(demonstration.dataSource())
                    .useHandle(handle -> handle.execute(
                            "insert into recap_outputs select * from recap_outputs where decade = 1840"));

            assertThat(demonstration.report(plot)).isEqualTo(1);
            assertThat(shown()).endsWith("WRONG FIGURES:\n  1840s has 2 outputs\n");
        }
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("no process is left behind")
                .noneMatch(process -> process.info().arguments().toString().contains("WorkerMain"));
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
