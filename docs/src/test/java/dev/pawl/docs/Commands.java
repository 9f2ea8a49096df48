package dev.pawl.docs;

import java.util.List;

/** Finds what keeps a README from being run by a machine: each of its two sections must have exactly one command. */
final class Commands {
    private Commands() {}

    static List<String> problems(Markdown readme, String heading) {
        List<Markdown.Block> blocks = readme.blocks().stream()
                .filter(block -> block.heading().equals(java.util.Optional.of(heading)))
                .toList();
        if (readme.headings().stream().filter(h -> h.title().equals(heading)).count() != 1) {
            return List.of("there must be one heading '" + heading + "'");
        }
        if (blocks.size() != 1) {
            return List.of("'" + heading + "' must have one block, but has " + blocks.size());
        }
        Markdown.Block block = blocks.get(0);
        if (!block.language().equals("sh")) {
            return List.of(
                    "the block of '" + heading + "' must be of the language sh, but is '" + block.language() + "'");
        }
        List<String> lines =
                block.text().lines().filter(line -> !line.isBlank()).toList();
        if (lines.size() != 1 || lines.get(0).endsWith("\\") || lines.get(0).startsWith("#")) {
            return List.of("'" + heading + "' must have one command on one line, but has " + lines);
        }
        return List.of();
    }
}
