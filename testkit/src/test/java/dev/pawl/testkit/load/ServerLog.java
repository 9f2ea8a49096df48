package dev.pawl.testkit.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What PostgreSQL wrote into its log about one database. */
record ServerLog(List<String> lines) {
    /** So that a line says which database it is about; without spaces, which the server's starter takes for ends. */
    static final String PREFIX = "%m,%d,";

    private static final Pattern ERROR = Pattern.compile("\\b(ERROR|FATAL|PANIC): ");

    /** A row or a key that was locked for too long, and a commit after a refusal that somebody swallowed. */
    private static final Pattern EXPECTED = Pattern.compile("canceling statement due to lock timeout"
            + "|duplicate key value violates unique constraint \"a_transaction_with_a_refused_write_must_not_commit\"");

    static ServerLog of(Path file, String database) {
        try {
            return new ServerLog(Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("," + database + ","))
                    .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException("the server's log can't be read", failure);
        }
    }

    List<String> deadlocks() {
        return lines.stream().filter(line -> line.contains("deadlock detected")).toList();
    }

    List<String> unexpectedErrors() {
        return lines.stream()
                .filter(line ->
                        ERROR.matcher(line).find() && !EXPECTED.matcher(line).find())
                .toList();
    }
}
