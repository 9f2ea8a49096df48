package dev.pawl.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void what_is_logged_is_explained() throws IOException {
        String document = Files.readString(Repository.GUIDE.resolve("operating.md"));
        String lines = document.substring(document.indexOf("## What log lines mean"));
        String sources = Stream.of("core", "jdbc-store", "dashboard")
                .map(module -> LogLines.sources(Repository.ROOT.resolve(module)))
                .collect(joining());

        assertThat(LogLines.differences(lines, sources)).isEmpty();
    }

    @Test
    void what_the_check_at_the_start_finds_is_explained() throws IOException {
        String document = Files.readString(Repository.GUIDE.resolve("operating.md"));
        String table = document.substring(
                document.indexOf("## The check at the start"), document.indexOf("## What log lines mean"));
        String sources = LogLines.sources(Repository.ROOT.resolve("jdbc-store"));

        assertThat(LogLines.differencesOfFindings(table, sources)).isEmpty();
        assertThat(LogLines.differencesOfFindings("| `fsync is on` |", sources))
                .contains("written, and not explained: fsync is off")
                .contains("explained, and not written: 'fsync is on' of fsync is on");
    }

    @Test
    void a_line_that_is_not_explained_and_one_that_is_not_written_are_found() {
        String document = """
                | `…: gone at …` | It went. |
                | `… came` | Nobody writes this. |
                """;
        String sources = """
                log.info("{}: gone at {}", it, now);
                LOG.warn(
                        "{} left", it);
                log.debug("not for people: {}", it);
                """;

        assertThat(LogLines.differences(document, sources))
                .containsExactly("written, and not explained: … left", "explained, and not written: 'came' of … came");
    }
}
