package dev.pawl.testkit;

import dev.pawl.jdbc.SqlRows;
import dev.pawl.jdbc.internal.RowsQuery;
import dev.pawl.jdbc.internal.SqlRowSource;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.testkit.contract.ScannedRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Rows to be scanned, in a table. */
public final class RowsOnPostgres implements ScannedRows {
    private final String table = "scanned_" + UUID.randomUUID().toString().replace("-", "");
    private final String all = "select id, rank, name from " + table;
    private final Jdbi jdbi;

    /**
     * An empty table of its own.
     *
     * @param source of connections
     */
    public RowsOnPostgres(DataSource source) {
        this.jdbi = Jdbi.create(source);
        jdbi.useHandle(handle ->
                handle.execute("create table " + table + " (id bigint primary key, rank integer, name text)"));
    }

    @Override
    public void put(Row row) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into " + table + " (id, rank, name) values (?, ?, ?)"
                        + " on conflict (id) do update set rank = excluded.rank, name = excluded.name",
                row.id(),
                row.rank(),
                row.name()));
    }

    @Override
    public void delete(long id) {
        jdbi.useHandle(handle -> handle.execute("delete from " + table + " where id = ?", id));
    }

    /** By another name of a column. */
    @Override
    public boolean hide(boolean hidden) {
        jdbi.useHandle(handle -> handle.execute(
                "alter table " + table + " rename column " + (hidden ? "rank to former_rank" : "former_rank to rank")));
        return true;
    }

    @Override
    public RowSource<Row> by(int page, List<KeyColumn> order) {
        return new SqlRowSource<>(
                RowsQuery.of(all, RowsOnPostgres::row).by(order).pagesOf(page), jdbi::open);
    }

    /**
     * For a scan of Pawl's.
     *
     * @param page most rows of a page
     * @param order the key columns
     * @return all rows
     */
    @SuppressWarnings("exports") // of a test
    public SqlRows<Row> described(int page, List<KeyColumn> order) {
        return SqlRows.select(all)
                .by(order.toArray(KeyColumn[]::new))
                .as((RowMapper<Row>) RowsOnPostgres::row)
                .pagesOf(page);
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        return new Row(row.getLong("id"), row.getObject("rank", Integer.class), row.getString("name"));
    }
}
