package dev.pawl.jdbc.internal;

import dev.pawl.internal.Checks;
import dev.pawl.scan.KeyColumn;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The key columns of a select as the database sees them. Reads no row.
 *
 * @param <T> a row
 */
final class RowShape<T> {
    private final RowsQuery<T> rows;
    private final Handle handle;

    RowShape(RowsQuery<T> rows, Handle handle) {
        this.rows = rows;
        this.handle = handle;
    }

    /**
     * Looks.
     *
     * @throws IllegalArgumentException if the select lacks a key column, or has one of a type that does not come back exactly
     */
    List<KeyPart> keys() {
        List<Column> columns = columns();
        List<Column> found = rows.keys().stream().map(key -> find(key, columns)).collect(Collectors.toList());
        List<KeyType> types = types(found);
        List<String> collations = collations(found, types);
        boolean mayMakeNulls = SelectText.of(rows.select()).mayMakeNulls();
        List<KeyPart> keys = IntStream.range(0, found.size())
                .mapToObj(i -> new KeyPart(
                        found.get(i).name,
                        rows.keys().get(i),
                        types.get(i),
                        collations.get(i),
                        found.get(i).nullable || mayMakeNulls))
                .collect(Collectors.toList());
        if (!rows.lag().isZero() && !keys.get(0).type().isTime()) {
            throw new IllegalArgumentException("a lag of " + rows.lag()
                    + " needs a timestamptz or timestamp as the first key column, but "
                    + keys.get(0).name() + " is "
                    + keys.get(0).type().name());
        }
        return keys;
    }

    private record Column(String name, boolean nullable) {}

    private List<Column> columns() {
        return query("select q.* from (\n" + rows.select() + "\n) as q limit 0").scanResultSet((results, context) -> {
            List<Column> columns = new ArrayList<>();
            ResultSetMetaData data = results.get().getMetaData();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                columns.add(new Column(data.getColumnLabel(i), data.isNullable(i) != ResultSetMetaData.columnNoNulls));
            }
            context.close();
            return columns;
        });
    }

    /** By its exact name, or else as SQL folds a name without quotes. */
    private Column find(KeyColumn key, List<Column> columns) {
        List<Column> exact = named(key.name(), columns);
        List<Column> found = exact.isEmpty() ? named(key.name().toLowerCase(Locale.ROOT), columns) : exact;
        if (found.size() != 1) {
            String all = columns.stream().map(Column::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("key column '" + key.name() + "' must be one column of the select, but "
                    + (found.isEmpty() ? "is none of " : "stands more than once among ") + all + ": "
                    + Checks.shown(rows.select()));
        }
        return found.get(0);
    }

    private static List<Column> named(String name, List<Column> columns) {
        return columns.stream().filter(column -> column.name.equals(name)).collect(Collectors.toList());
    }

    private List<KeyType> types(List<Column> columns) {
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name)) {
                throw new IllegalArgumentException(
                        "key column '" + column.name + "' is named twice in by(" + rows.keys() + ")");
            }
        }
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> "(" + i + ", cast(pg_catalog.pg_typeof(q." + Identifiers.quoted(columns.get(i).name)
                        + ") as oid))")
                .collect(Collectors.joining(", "));
        return query("""
                select coalesce(bn.nspname, tn.nspname) as schema,
                       coalesce(b.typname, t.typname) as name,
                       coalesce(b.typtype, t.typtype) = 'e' as is_enum,
                       pg_catalog.format_type(t.oid, null) as shown
                  from (select 1) as one
                  left join (select * from (
                """ + rows.select() + """

                       ) as p limit 0) as q on true
                 cross join lateral (values\s""" + values + """
                ) as v(i, type)
                  join pg_catalog.pg_type t on t.oid = v.type
                  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
                  left join pg_catalog.pg_type b on b.oid = t.typbasetype
                  left join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace
                 order by v.i""").scanResultSet((results, context) -> {
            List<KeyType> types = new ArrayList<>();
            try (var found = results.get()) {
                while (found.next()) {
                    String column = columns.get(types.size()).name;
                    String shown = found.getString("shown");
                    types.add(KeyType.of(
                                    found.getString("schema"), found.getString("name"), found.getBoolean("is_enum"))
                            .orElseThrow(() -> new IllegalArgumentException("key column '" + column + "' is of type "
                                    + shown + ", whose values may not come back exactly: use a column of "
                                    + KeyType.SUPPORTED + ", or cast it to one in the select (cast(" + column
                                    + " as text) as " + column + ")")));
                }
            }
            return types;
        });
    }

    /** Texts that differ, but are equal, would be skipped at a page's end. */
    private List<String> collations(List<Column> columns, List<KeyType> types) {
        List<String> collations = new ArrayList<>(Collections.nCopies(columns.size(), ""));
        for (int i = 0; i < columns.size(); i++) {
            if (types.get(i).isText()) {
                collations.set(i, collation(columns.get(i).name));
            }
        }
        return collations;
    }

    private String collation(String column) {
        return query("select c.collname, c.collisdeterministic from (select 1) as one left join (select * from (\n"
                        + rows.select() + "\n) as p limit 0) as q on true join pg_catalog.pg_collation c on c.oid ="
                        + " cast(pg_catalog.to_regcollation(pg_catalog.pg_collation_for(q."
                        + Identifiers.quoted(column) + ")) as oid)")
                .scanResultSet((results, context) -> {
                    try (var found = results.get()) {
                        return found.next() ? checked(column, found.getString(1), found.getBoolean(2)) : "";
                    }
                });
    }

    private static String checked(String column, String collation, boolean deterministic) throws SQLException {
        if (!deterministic) {
            throw new IllegalArgumentException("key column '" + column + "' is sorted by " + collation
                    + ", which takes different texts for one: sort by another (" + column + " collate \"C\" as "
                    + column
                    + ")");
        }
        return collation.equals("default") ? "" : Identifiers.quoted(collation);
    }

    private Query query(String sql) {
        return SqlRowSource.query(handle, new SelectText.Parser(), sql, rows.values());
    }
}
