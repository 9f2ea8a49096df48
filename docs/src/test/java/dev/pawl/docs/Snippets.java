package dev.pawl.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the snippets of documents with the regions of the sources that they come from, both ways. A region stands
 * between {@code // tag::name[]} and {@code // end::name[]} ({@code --} in SQL); a document names it in a comment right
 * above the block: {@code <!-- snippet: GettingStartedTest.name -->}.
 */
final class Snippets {
    private static final Set<String> LANGUAGES = Set.of("java", "sql");
    private static final Pattern TAG = Pattern.compile("^\\s*(?://|--) (tag|end)::([\\w-]+)\\[]\\s*$");

    private Snippets() {}

    static List<String> differences(List<Markdown> documents, Path sources) {
        List<String> differences = new ArrayList<>();
        Map<String, String> regions = regions(sources);
        Set<String> shown = new HashSet<>();
        for (Markdown document : documents) {
            for (Markdown.Block block : document.blocks()) {
                String where = document.file() + ":" + block.line() + ": ";
                if (block.snippet().isPresent()) {
                    String name = block.snippet().get();
                    shown.add(name);
                    String region = regions.get(name);
                    if (region == null) {
                        differences.add(where + "there is no region " + name);
                    } else if (!region.equals(block.text())) {
                        differences.add(where + "differs from region " + name + ", which is:\n" + region);
                    }
                } else if (LANGUAGES.contains(block.language())) {
                    differences.add(where + "code that no test has compiled or run: name its region above the block");
                }
            }
        }
        regions.keySet().stream()
                .filter(name -> !shown.contains(name))
                .map(name -> "region " + name + " stands in no document")
                .forEach(differences::add);
        return differences;
    }

    /** The regions of all sources below a directory, by {@code FileName.region}. */
    static Map<String, String> regions(Path sources) {
        Map<String, String> regions = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|sql)"))
                    .sorted()
                    .toList()) {
                read(file, regions);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return regions;
    }

    private static void read(Path file, Map<String, String> regions) throws IOException {
        String prefix = file.getFileName().toString().replaceAll("\\.\\w+$", "") + ".";
        Map<String, List<String>> open = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            Matcher tag = TAG.matcher(line);
            if (!tag.matches()) {
                open.values().forEach(lines -> lines.add(line));
            } else if (tag.group(1).equals("tag")) {
                open.put(tag.group(2), new ArrayList<>());
            } else {
                List<String> lines = open.remove(tag.group(2));
                if (lines == null || regions.put(prefix + tag.group(2), text(lines)) != null) {
                    throw new IllegalArgumentException(
                            file + ": region " + tag.group(2) + " ends twice, or never began");
                }
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException(file + ": regions that do not end: " + open.keySet());
        }
    }

    /** Without the indentation that all lines share. */
    private static String text(List<String> lines) {
        return String.join("\n", lines).stripIndent().strip();
    }
}
