package dev.pawl.jdbc.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.Mappers;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.BeanMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Rows of a type, by the mapper that the application registered for it, if there is one.
 *
 * @param <T> a row
 * @param type a record, a bean, or what Jdbi maps a column to
 */
public record ByClass<T>(Class<T> type) implements RowMapper<T> {
    @Override
    public T map(ResultSet rows, StatementContext context) throws SQLException {
        return mapper(context).map(rows, context);
    }

    @Override
    public RowMapper<T> specialize(ResultSet rows, StatementContext context) throws SQLException {
        return mapper(context).specialize(rows, context);
    }

    private RowMapper<T> mapper(StatementContext context) {
        return context.getConfig(Mappers.class).findFor(type).orElseGet(this::reflected);
    }

    private RowMapper<T> reflected() {
        return type.isRecord() ? ConstructorMapper.of(type) : BeanMapper.of(type);
    }
}
