package dev.pawl.jdbc.internal;

import dev.pawl.Json;
import dev.pawl.internal.Checks;
import dev.pawl.internal.FlatJson;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an application's tables. A key is the array of the key columns' texts, as the driver reads them; each goes back as a
 * text that the database casts to the column's type. Safe for use by many threads.
 *
 * @param <T> a row
 */
public final class SqlRowSource<T> implements RowSource<T> {
    private final RowsQuery<T> rows;
    private final Reads reads;
    private final String shown;
    private final SqlParser parser = new SelectText.Parser();
    private volatile @Nullable KeysetSql known;

    /**
     * Over a database.
     *
     * @param handles opens one of the application's
     * @throws IllegalArgumentException if the description has no keys, or parameters and values do not agree
     */
    public SqlRowSource(RowsQuery<T> rows, Supplier<Handle> handles) {
        this.rows = rows.complete();
        this.reads = new Reads(handles);
        this.shown = "rows (" + Checks.shown(this.rows.select().strip()) + ")";
    }

    @Override
    public String keyset() {
        return KeyPart.inWords(look().keys());
    }

    private KeysetSql look() {
        return reads.read("look at the columns of " + shown, this::look);
    }

    /** The columns as they are now, for the pages that follow. */
    private KeysetSql look(Handle handle) {
        List<KeyPart> keys = new RowShape<>(rows, handle).keys();
        KeysetSql now = new KeysetSql(rows.select(), keys, oldEnough(keys.get(0)));
        known = now;
        return now;
    }

    /** Looks at the columns anew, once a lap: a table may have been altered. */
    @Override
    public Optional<Json> lastKey() {
        return reads.read("read the last of " + shown, handle -> {
            KeysetSql now = look(handle);
            List<KeyPart> keys = now.keys();
            for (String sql : now.last()) {
                Optional<Json> last = query(handle, parser, sql, rows.values()).scanResultSet((results, context) -> {
                    try (ResultSet found = results.get()) {
                        return found.next() ? Optional.of(SliceReader.keyOf(found, keys)) : Optional.<Json>empty();
                    }
                });
                if (last.isPresent()) {
                    return last;
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public Slice<T> slice(Optional<Json> after, Json end) {
        KeysetSql.Statements statements = page(after, end);
        return reads.asking(words(), handle -> read(handle, statements, "")).slice();
    }

    /**
     * The same, and leaves the handle to whoever asked.
     *
     * @param next what follows the end of the read's transaction in the same request, if it takes only one
     */
    Reads.Left<SliceReader<T>> read(Optional<Json> after, Json end, String next) {
        KeysetSql.Statements statements = page(after, end);
        return reads.leaving(words(), handle -> read(handle, statements, next));
    }

    private String words() {
        return "read a page of " + shown;
    }

    private KeysetSql.Statements page(Optional<Json> after, Json end) {
        KeysetSql found = known;
        KeysetSql sql = found == null ? look() : found;
        return sql.page(after.map(key -> read(key, sql.keys())), read(end, sql.keys()));
    }

    private SliceReader<T> read(Handle handle, KeysetSql.Statements statements, String next) throws SQLException {
        SliceReader<T> reader = new SliceReader<>(statements.of().keys(), rows.pageSize());
        for (int i = 0; i < statements.count() && reader.wants() > 0; i++) {
            Request request = Reads.request(i, statements.count(), next);
            String text = statements.text(i, reader.wants());
            request.on(handle, () -> {
                Query query = request.of(query(handle, parser, text, rows.values()));
                statements.values().forEach((name, value) -> query.bind(name, value));
                return query.scanResultSet((results, context) -> {
                    try (ResultSet page = results.get()) {
                        reader.read(page, mapper(page, context), context);
                    }
                    return true;
                });
            });
        }
        if (statements.count() > 1 && !next.isEmpty()) {
            Reads.end(handle, next);
        }
        return reader;
    }

    private RowMapper<T> mapper(ResultSet found, StatementContext context) throws SQLException {
        return rows.mapper().specialize(found, context);
    }

    private String oldEnough(KeyPart first) {
        Duration lag = rows.lag();
        if (lag.isZero()) {
            return "";
        }
        String seconds = String.format(Locale.ROOT, "%d.%06d", lag.toSeconds(), lag.toNanosPart() / 1_000);
        return first.sql() + " <= cast(statement_timestamp() - interval '" + seconds + " seconds' as "
                + first.type().sql() + ")";
    }

    private static List<@Nullable String> read(Json json, List<KeyPart> keys) {
        List<@Nullable String> key;
        try {
            key = FlatJson.array(json);
        } catch (IllegalArgumentException notOurs) {
            throw new IllegalStateException("a stored key is " + notOurs.getMessage(), notOurs);
        }
        if (key.size() != keys.size()) {
            throw new IllegalStateException("a stored key has " + key.size() + " columns, but the keys are ("
                    + KeyPart.inWords(keys) + "): " + Checks.shown(json.text()));
        }
        return key;
    }

    /** Nothing in an application's select means anything to Jdbi but its parameters. */
    static Query query(Handle handle, SqlParser parser, String sql, Map<String, @Nullable Object> values) {
        Query query = handle.createQuery(sql)
                .configure(
                        SqlStatements.class,
                        config -> config.setTemplateEngine(TemplateEngine.NOP)
                                .setSqlParser(parser)
                                .setUnusedBindingAllowed(true));
        values.forEach(query::bind);
        return query;
    }
}
