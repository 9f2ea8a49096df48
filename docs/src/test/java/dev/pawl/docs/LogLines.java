package dev.pawl.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the log lines that a document explains with those that sources write, both ways. Where a line has a value, the
 * document has an ellipsis and the source a pair of braces.
 */
final class LogLines {
    private static final Pattern EXPLAINED = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    private static final Pattern WRITTEN =
            Pattern.compile("\\b(?:log|LOG)\\.(?:info|warn|error)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern FOUND =
            Pattern.compile("\\bFinding\\.(?:refusal|warning)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String ANYTHING = "…: …"; // what is put together elsewhere

    private LogLines() {}

    /** Of log lines. */
    static List<String> differences(String document, String sources) {
        return differences(document, WRITTEN, sources);
    }

    /** Of what the check at the start may find, as far as it is written in one piece. */
    static List<String> differencesOfFindings(String document, String sources) {
        return differences(document, FOUND, sources);
    }

    private static List<String> differences(String document, Pattern writes, String sources) {
        List<String> explained = all(EXPLAINED, document);
        List<String> written = all(writes, sources).stream()
                .map(line -> line.replace("{}", "…"))
                .toList();
        List<String> differences = new ArrayList<>();
        for (String line : written) {
            if (!line.equals(ANYTHING) && explained.stream().noneMatch(row -> row.contains(line))) {
                differences.add("written, and not explained: " + line);
            }
        }
        for (String row : explained) {
            for (String words : row.split("…", -1)) {
                if (!sources.contains(words.strip())) {
                    differences.add("explained, and not written: '" + words.strip() + "' of " + row);
                }
            }
        }
        return differences;
    }

    /** All main sources of a module, one after the other. */
    static String sources(Path module) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
