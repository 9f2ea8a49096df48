package dev.pawl.jdbc.internal;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Rows of named leases as values. */
final class LeaseRows {
    private LeaseRows() {}

    /** What became of acquiring a name that has a row: empty if it is another's. */
    record Acquired(Optional<Lease> lease) {}

    /** To {@link Acquired}. */
    public static final class AcquiredMapper implements RowMapper<Acquired> {
        @Override
        public Acquired map(ResultSet row, StatementContext context) throws SQLException {
            return new Acquired(row.getString(2) == null ? Optional.empty() : Optional.of(lease(row)));
        }
    }

    /** What a holder has. */
    public static final class LeaseMapper implements RowMapper<Lease> {
        @Override
        public Lease map(ResultSet row, StatementContext context) throws SQLException {
            return lease(row);
        }
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                row.getString(1),
                row.getString(2),
                new FencingToken(row.getLong(3)),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                Duration.of(row.getLong(5), ChronoUnit.MICROS));
    }

    /** The whole row. */
    public static final class StateMapper implements RowMapper<LeaseState> {
        @Override
        public LeaseState map(ResultSet row, StatementContext context) throws SQLException {
            long token = row.getLong(2);
            return new LeaseState(
                    row.getString(1),
                    row.wasNull() ? Optional.empty() : Optional.of(new FencingToken(token)),
                    Optional.ofNullable(row.getString(3)),
                    Optional.ofNullable(instant(row.getObject(4, OffsetDateTime.class))),
                    row.getObject(5, OffsetDateTime.class).toInstant());
        }

        private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
            return time == null ? null : time.toInstant();
        }
    }
}
