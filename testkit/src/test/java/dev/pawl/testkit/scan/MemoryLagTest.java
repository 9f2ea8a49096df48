package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows in memory that are too young to be walked over, as with a lag of SQL's. */
class MemoryLagTest {
    private static final Duration LAG = Duration.ofMinutes(1);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final List<Row> table = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();

    private record Row(int id, @Nullable Instant at) {}

    private final MemoryRows<Row> rows = MemoryRows.of(() -> table)
            .by(asc("at"), Row::at)
            .by(asc("id"), Row::id)
            .lag(LAG);

    private final Scan scan =
            pawl.scan("young", rows).atLeastOnce(page -> page.rows().forEach(row -> seen.add(row.id())));

    @Test
    void rows_wait_until_they_are_old_enough_by_the_time_of_the_pawl() {
        Instant now = pawl.time().now();
        table.add(new Row(1, now.minus(LAG)));
        table.add(new Row(2, now));

        scan.lap();
        assertThat(seen).containsExactly(1);

        pawl.time().advance(LAG.minusNanos(1_000));
        scan.lap();
        assertThat(seen).containsExactly(1, 1);
        pawl.time().advance(Duration.ofNanos(1_000));
        scan.lap();
        assertThat(seen).containsExactly(1, 1, 1, 2);
    }

    @Test
    void rows_without_a_value_do_not_wait() {
        table.add(new Row(1, null));

        scan.lap();

        assertThat(seen).containsExactly(1);
    }

    @Test
    void a_lag_needs_a_first_column_of_instants_and_a_time() {
        table.add(new Row(1, null));
        MemoryRows<Row> byNumber =
                MemoryRows.of(() -> table).by(asc("id"), Row::id).lag(LAG);

        assertThat(pawl.scan("numbers", byNumber).atLeastOnce(page -> {}).lap().stop())
                .isEqualTo(Stop.FAILED);
        assertThat(pawl.scans()
                        .find("numbers")
                        .flatMap(state -> state.failed())
                        .orElseThrow()
                        .error())
                .contains("a lag of PT1M needs a first key column of instants, but id has a value of");
        assertThatThrownBy(() -> byNumber.slice(Optional.empty(), Json.of("[1]")))
                .hasMessageContaining("only a Pawl in memory has the time");
        assertThatThrownBy(() -> byNumber.lag(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
