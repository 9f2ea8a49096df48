package dev.pawl.examples.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in columns as wide as they need to be. Immutable; {@link #row} returns a longer copy. */
record Table(List<List<String>> rows) {
    private static final String GAP = "  ";

    Table {
        rows = List.copyOf(rows);
    }

    static Table of(String... headings) {
        return new Table(List.of(List.of(headings)));
    }

    Table row(Object... cells) {
        List<List<String>> longer = new ArrayList<>(rows);
        longer.add(Arrays.stream(cells).map(String::valueOf).toList());
        return new Table(longer);
    }

    /** The headings, a rule under them, and the rows. */
    List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        List<String> lines =
                new ArrayList<>(rows.stream().map(row -> line(row, widths)).toList());
        lines.add(1, line(Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(line.isEmpty() ? "" : GAP)
                    .append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()));
        }
        return line.toString().stripTrailing();
    }
}
