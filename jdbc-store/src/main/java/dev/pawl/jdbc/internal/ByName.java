package dev.pawl.jdbc.internal;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Rows as maps from the columns' names to what the driver makes of their values. */
public final class ByName implements RowMapper<Map<String, @Nullable Object>> {
    @Override
    public Map<String, @Nullable Object> map(ResultSet rows, StatementContext context) throws SQLException {
        ResultSetMetaData data = rows.getMetaData();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            row.put(data.getColumnLabel(i), rows.getObject(i));
        }
        return Collections.unmodifiableMap(row);
    }
}
