package dev.pawl.testkit;

import dev.pawl.scan.KeyColumn;
import dev.pawl.testkit.contract.ScannedRows;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Rows to be scanned, in a map. */
public final class RowsInMemory implements ScannedRows {
    private final Map<Long, Row> rows = new LinkedHashMap<>();
    private boolean hidden;

    /** An empty table. */
    public RowsInMemory() {}

    @Override
    public void put(Row row) {
        rows.put(row.id(), row);
    }

    @Override
    public void delete(long id) {
        rows.remove(id);
    }

    @Override
    public boolean hide(boolean hidden) {
        this.hidden = hidden;
        return true;
    }

    @Override
    public MemoryRows<Row> by(int page, List<KeyColumn> order) {
        MemoryRows<Row> source = MemoryRows.<Row>of(this::values).pagesOf(page);
        for (KeyColumn column : order) {
            source = source.by(column, row -> value(column.name(), row));
        }
        return source;
    }

    private Collection<Row> values() {
        if (hidden) {
            throw new NoSuchElementException("column rank does not exist");
        }
        return rows.values();
    }

    private static @Nullable Object value(String column, Row row) {
        return switch (column) {
            case "id" -> row.id();
            case "rank" -> row.rank();
            case "name" -> row.name();
            default -> throw new IllegalArgumentException("there is no column " + column);
        };
    }
}
