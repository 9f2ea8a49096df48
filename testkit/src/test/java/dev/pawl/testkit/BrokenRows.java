package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.testkit.contract.ScannedRows;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Rows that break a rule of scans, each one thing only. */
public final class BrokenRows extends InMemoryScanStore {
    private final UnaryOperator<RowSource<ScannedRows.Row>> flaw;

    private BrokenRows(OpenTransactions transactions, ManualTime time, UnaryOperator<RowSource<ScannedRows.Row>> flaw) {
        super(transactions, time);
        this.flaw = flaw;
    }

    /** A store without a flaw, whose rows have this one. */
    static Supplier<InMemoryJobStore> with(UnaryOperator<RowSource<ScannedRows.Row>> flaw) {
        return BrokenScans.beside((transactions, time) -> new BrokenRows(transactions, time, flaw));
    }

    /**
     * The rows beside a store.
     *
     * @param scans that may have broken ones
     * @return an empty table
     */
    public static ScannedRows beside(InMemoryScanStore scans) {
        ScannedRows rows = new RowsInMemory();
        return scans instanceof BrokenRows broken ? new Flawed(rows, broken.flaw) : rows;
    }

    private record Flawed(ScannedRows rows, UnaryOperator<RowSource<ScannedRows.Row>> flaw) implements ScannedRows {
        @Override
        public void put(Row row) {
            rows.put(row);
        }

        @Override
        public void delete(long id) {
            rows.delete(id);
        }

        @Override
        public boolean hide(boolean hidden) {
            return rows.hide(hidden);
        }

        @Override
        public RowSource<Row> by(int page, List<KeyColumn> order) {
            return flaw.apply(rows.by(page, order));
        }
    }

    /** S2: a page begins where the last one began. */
    static <T> RowSource<T> comesLate(RowSource<T> rows) {
        return new Source<>(rows) {
            private Optional<Json> before = Optional.empty();

            @Override
            public Slice<T> slice(Optional<Json> after, Json end) {
                Optional<Json> from = before;
                before = after;
                return super.slice(from, end);
            }
        };
    }

    /** S2: two rows with one key are shown, if they may be. */
    static <T> RowSource<T> trustsTheKey(RowSource<T> rows) {
        return new Source<>(rows) {
            @Override
            public Optional<Json> lastKey() {
                return orNothing(super::lastKey, Optional.of(Json.of("[0]")));
            }

            @Override
            public Slice<T> slice(Optional<Json> after, Json end) {
                return orNothing(() -> super.slice(after, end), new Slice<>(List.of(), Optional.empty(), false));
            }
        };
    }

    /** S7: what can't be read is taken for nothing. */
    static <T> RowSource<T> takesUnreadForNone(RowSource<T> rows) {
        return new Source<>(rows) {
            @Override
            public Slice<T> slice(Optional<Json> after, Json end) {
                try {
                    return super.slice(after, end);
                } catch (NoSuchElementException unread) {
                    return new Slice<>(List.of(), Optional.empty(), false);
                }
            }
        };
    }

    /** S4: the end of a lap is where the rows end now. */
    static <T> RowSource<T> forgetsTheEnd(RowSource<T> rows) {
        return new Source<>(rows) {
            @Override
            public Slice<T> slice(Optional<Json> after, Json end) {
                return super.slice(after, super.lastKey().orElse(end));
            }
        };
    }

    /** S4: pages are counted, so that those behind a row that goes move up. */
    static <T> RowSource<T> goesByOffset(RowSource<T> rows) {
        return new Source<>(rows) {
            private int offset;

            @Override
            public Slice<T> slice(Optional<Json> after, Json end) {
                offset = after.isEmpty() ? 0 : offset + 1;
                Optional<Json> from = Optional.empty();
                for (int i = 0; i < offset; i++) {
                    from = super.slice(from, end).last().or(() -> Optional.of(end));
                }
                return super.slice(from, end);
            }
        };
    }

    private static <V> V orNothing(Supplier<V> read, V nothing) {
        try {
            return read.get();
        } catch (IllegalStateException refused) {
            return nothing;
        }
    }

    private static class Source<T> implements RowSource<T> {
        private final RowSource<T> rows;

        Source(RowSource<T> rows) {
            this.rows = rows;
        }

        @Override
        public String keyset() {
            return rows.keyset();
        }

        @Override
        public Optional<Json> lastKey() {
            return rows.lastKey();
        }

        @Override
        public Slice<T> slice(Optional<Json> after, Json end) {
            return rows.slice(after, end);
        }
    }
}
