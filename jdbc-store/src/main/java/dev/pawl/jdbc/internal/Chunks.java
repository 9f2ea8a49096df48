package dev.pawl.jdbc.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Rows in parts, each of which is a statement that a driver and a server take: neither too many, nor too long together. */
final class Chunks {
    private static final int MOST_ROWS = 5_000;
    private static final long MOST_CHARACTERS = 16 << 20;

    private Chunks() {}

    /** In the same order, views of the list; a row that is too long for any is alone. */
    static <T> List<List<T>> of(List<T> rows, ToLongFunction<T> characters) {
        List<List<T>> chunks = new ArrayList<>();
        int from = 0;
        long together = 0;
        for (int i = 0; i < rows.size(); i++) {
            long length = characters.applyAsLong(rows.get(i));
            if (i > from && (i - from == MOST_ROWS || together + length > MOST_CHARACTERS)) {
                chunks.add(rows.subList(from, i));
                from = i;
                together = 0;
            }
            together += length;
        }
        if (from < rows.size()) {
            chunks.add(rows.subList(from, rows.size()));
        }
        return chunks;
    }
}
