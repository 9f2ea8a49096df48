package dev.pawl.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Markdown file, as far as the checks need to understand it: fenced blocks, headings and links outside of them. */
record Markdown(Path file, List<Block> blocks, List<Heading> headings, List<Link> links) {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");
    private static final Pattern FENCE = Pattern.compile("^(\\s*)```+\\s*([\\w-]*)\\s*$");
    private static final Pattern HEADING = Pattern.compile("^(#{1,6})\\s+(.*?)\\s*$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern SNIPPET = Pattern.compile("^\\s*<!-- snippet: (\\S+) -->\\s*$");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");

    /** A fenced block: its language, its lines, and the snippet that a comment right above it names. */
    record Block(String language, String text, Optional<String> snippet, Optional<String> heading, int line) {}

    /** A heading, and the anchor that it gives. */
    record Heading(String title, String anchor) {}

    /** A link, as it is written. */
    record Link(String target, int line) {}

    static Markdown read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(file, lines);
    }

    static Markdown parse(Path file, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        List<Heading> headings = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        StringBuilder prose = new StringBuilder(); // links may be broken between their text and nothing else
        for (int at = 0; at < lines.size(); at++) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (fence.matches()) {
                int end = endOfBlock(file, lines, at);
                blocks.add(new Block(
                        fence.group(2),
                        String.join("\n", lines.subList(at + 1, end)),
                        at == 0 ? Optional.empty() : snippet(lines.get(at - 1)),
                        headings.isEmpty()
                                ? Optional.empty()
                                : Optional.of(headings.get(headings.size() - 1).title()),
                        at + 1));
                prose.append("\n".repeat(end - at + 1));
                at = end;
                continue;
            }
            Matcher heading = HEADING.matcher(lines.get(at));
            if (heading.matches()) {
                headings.add(new Heading(heading.group(2), anchor(heading.group(2))));
            }
            prose.append(CODE_SPAN.matcher(lines.get(at)).replaceAll("")).append('\n');
        }
        Matcher link = LINK.matcher(prose);
        while (link.find()) {
            links.add(new Link(link.group(1), lineOf(prose, link.start())));
        }
        return new Markdown(file, blocks, headings, links);
    }

    Set<String> anchors() {
        return headings.stream().map(Heading::anchor).collect(Collectors.toSet());
    }

    /** All Markdown files below a directory that are not made by a build. */
    static List<Markdown> below(Path root) {
        List<Markdown> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(dir.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".md")) {
                        found.add(read(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static int endOfBlock(Path file, List<String> lines, int start) {
        for (int at = start + 1; at < lines.size(); at++) {
            if (FENCE.matcher(lines.get(at)).matches()) {
                return at;
            }
        }
        throw new IllegalArgumentException(file + ":" + (start + 1) + ": a block that does not end");
    }

    private static Optional<String> snippet(String line) {
        Matcher matcher = SNIPPET.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** As the usual web sites make it: lower case, without punctuation, spaces as hyphens. */
    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static int lineOf(CharSequence text, int position) {
        return 1
                + (int) text.subSequence(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }
}
