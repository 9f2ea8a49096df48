package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunksTest {
    private static final int MEBI = 1 << 20;

    @Test
    void nothing_is_no_chunk() {
        assertThat(Chunks.of(List.of(), row -> 1)).isEmpty();
    }

    @Test
    void many_rows_are_cut_by_their_number_in_order() {
        List<Integer> rows = IntStream.range(0, 12_000).boxed().toList();

        List<List<Integer>> chunks = Chunks.of(rows, row -> 1);

        assertThat(chunks).extracting(List::size).containsExactly(5_000, 5_000, 2_000);
        assertThat(chunks.stream().flatMap(List::stream)).containsExactlyElementsOf(rows);
    }

    @Test
    void long_rows_are_cut_by_their_length() {
        assertThat(Chunks.of(Collections.nCopies(40, "a mebi each"), row -> MEBI))
                .extracting(List::size)
                .containsExactly(16, 16, 8);
    }

    @Test
    void a_row_that_is_too_long_for_any_is_alone() {
        assertThat(Chunks.of(List.of(1, 20, 20, 1), row -> (long) row * MEBI))
                .containsExactly(List.of(1), List.of(20), List.of(20), List.of(1));
    }
}
