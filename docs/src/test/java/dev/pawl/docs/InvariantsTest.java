package dev.pawl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.audit.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvariantsTest {
    /** The guide's table is the enum, word for word. */
    @Test
    void every_invariant_is_explained() throws IOException {
        List<String> rows = Files.readAllLines(Repository.GUIDE.resolve("audit.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Invariant.values())
                        .map(InvariantsTest::row)
                        .toList());
    }

    private static String row(Invariant invariant) {
        return "| `" + invariant.code() + "` | " + invariant.severity() + " | " + invariant.meaning() + " | "
                + invariant.advice() + " |";
    }
}
