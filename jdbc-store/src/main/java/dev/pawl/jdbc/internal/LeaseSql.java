package dev.pawl.jdbc.internal;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named leases, by name: each statement a request by itself ({@link OneStatement}). None of these waits for a row that another
 * transaction has locked: the row is stepped over, and a read says what that means. What is left of a lease is told in microseconds
 * from the statement on.
 *
 * <p>By the driver alone: what a statement costs here is the round trip and its commit, beside which a layer above is seen.
 */
final class LeaseSql {
    private static final String NOW = "coalesce(cast(? as timestamptz), statement_timestamp())";

    /**
     * The token is drawn for the row that the inner select has locked: drawn before, a call that waited could put a lower one on
     * the row than it already had.
     */
    private static final String ACQUIRE = """
               update <schema>.lease l
                  set token = nextval('<schema>.fencing_token'),
                      holder = ?,
                      taken_until = t.now + ? * interval '1 microsecond',
                      since = t.now
                 from (select <now> as now) t
                where l.name = (
                        select f.name
                          from <schema>.lease f
                         where f.name = ?
                           and (f.taken_until is null or f.taken_until <= <now>)
                           for no key update skip locked
                      )
            returning l.token,
                      l.taken_until,
                      cast(extract(epoch from l.taken_until - t.now) * 1000000 as bigint)\
            """;

    private static final String RENEW = """
               update <schema>.lease l
                  set taken_until = greatest(l.taken_until, t.now + ? * interval '1 microsecond')
                 from (select <now> as now) t
                where l.name = (<mine>)
            returning l.token,
                      l.taken_until,
                      cast(extract(epoch from l.taken_until - t.now) * 1000000 as bigint)\
            """;

    private static final String RELEASE = """
               update <schema>.lease l
                  set holder = null,
                      taken_until = t.now + nullif(?, 0) * interval '1 microsecond',
                      since = t.now
                 from (select <now> as now) t
                where l.name = (<mine>)
            returning l.token\
            """;

    private static final String MINE = """
            select m.name
              from <schema>.lease m
             where m.name = ?
               and m.token = ?
               and m.holder = ?
               for no key update skip locked\
            """;

    private static final String MAKE = """
            insert into <schema>.lease (name, since)
            values (?, <now>)
                on conflict (name) do nothing
             returning name\
            """;

    private static final String READ = """
            select l.token,
                   l.taken_until,
                   cast(extract(epoch from l.taken_until - <now>) * 1000000 as bigint),
                   l.holder,
                   l.since
              from <schema>.lease l
             where l.name = ?\
            """;

    private final String acquire;
    private final String renew;
    private final String release;
    private final String make;
    private final String read;

    LeaseSql(SchemaName schema) {
        this.acquire = request(ACQUIRE, schema);
        this.renew = request(RENEW, schema);
        this.release = request(RELEASE, schema);
        this.make = request(MAKE, schema);
        this.read = request(READ, schema);
    }

    private static String request(String sql, SchemaName schema) {
        return OneStatement.SETTINGS
                + sql.replace("<mine>", MINE).replace("<now>", NOW).replace("<schema>", schema.quoted());
    }

    /**
     * A name's row.
     *
     * @param remaining until the end of the lease or of its rest; null where there is none
     */
    record Row(LeaseState state, @Nullable Duration remaining) {
        /** The lease, unless it has expired. */
        Optional<Lease> lease() {
            if (remaining == null || remaining.isNegative() || remaining.isZero()) {
                return Optional.empty();
            }
            return state.holder()
                    .flatMap(holder -> state.takenUntil()
                            .flatMap(until -> state.token()
                                    .map(token -> new Lease(state.name(), holder, token, until, remaining))));
        }
    }

    /** Takes a lease that is free or expired; empty if it is neither, or locked, or the name has no row. */
    Optional<Lease> acquire(Connection connection, String name, String holder, Duration length, @Nullable Instant now)
            throws SQLException {
        return request(
                connection,
                acquire,
                statement -> {
                    statement.setString(1, holder);
                    statement.setLong(2, SqlArrays.micros(length));
                    time(statement, 3, now);
                    statement.setString(4, name);
                    time(statement, 5, now);
                },
                row -> lease(row, name, holder));
    }

    /** A name without a holder or a token. Whether it was not there. */
    boolean make(Connection connection, String name, @Nullable Instant now) throws SQLException {
        return request(
                        connection,
                        make,
                        statement -> {
                            statement.setString(1, name);
                            time(statement, 2, now);
                        },
                        row -> true)
                .isPresent();
    }

    /** Empty if it is not the holder's, or locked by another. */
    Optional<Lease> renew(Connection connection, String name, Fence fence, Duration length, @Nullable Instant now)
            throws SQLException {
        return request(
                connection,
                renew,
                statement -> ofHolder(statement, length, name, fence, now),
                row -> lease(row, name, fence.holder()));
    }

    /** False if it is not the holder's, or locked by another. */
    boolean release(Connection connection, String name, Fence fence, Duration rest, @Nullable Instant now)
            throws SQLException {
        return request(connection, release, statement -> ofHolder(statement, rest, name, fence, now), row -> true)
                .isPresent();
    }

    private static void ofHolder(
            PreparedStatement statement, Duration duration, String name, Fence fence, @Nullable Instant now)
            throws SQLException {
        statement.setLong(1, SqlArrays.micros(duration));
        time(statement, 2, now);
        statement.setString(3, name);
        statement.setLong(4, fence.token().value());
        statement.setString(5, fence.holder());
    }

    /** The row, whoever has it locked. */
    Optional<Row> read(Connection connection, String name, @Nullable Instant now) throws SQLException {
        return request(
                connection,
                read,
                statement -> {
                    time(statement, 1, now);
                    statement.setString(2, name);
                },
                row -> row(row, name));
    }

    private interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    private interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** The first row of the second statement. */
    private static <T> Optional<T> request(Connection connection, String sql, Binding binding, Mapping<T> mapping)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.to(statement);
            statement.execute();
            statement.getMoreResults();
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? Optional.of(mapping.of(rows)) : Optional.empty();
            }
        }
    }

    private static Lease lease(ResultSet row, String name, String holder) throws SQLException {
        return new Lease(
                name,
                holder,
                new FencingToken(row.getLong(1)),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                Duration.of(row.getLong(3), ChronoUnit.MICROS));
    }

    private static Row row(ResultSet row, String name) throws SQLException {
        long token = row.getLong(1);
        Optional<FencingToken> issued = row.wasNull() ? Optional.empty() : Optional.of(new FencingToken(token));
        OffsetDateTime until = row.getObject(2, OffsetDateTime.class);
        long remaining = row.getLong(3);
        LeaseState state = new LeaseState(
                name,
                issued,
                Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(until).map(OffsetDateTime::toInstant),
                row.getObject(5, OffsetDateTime.class).toInstant());
        return new Row(state, until == null ? null : Duration.of(remaining, ChronoUnit.MICROS));
    }

    /** The time that a test says it is, or null for the database's own. */
    static void time(PreparedStatement statement, int position, @Nullable Instant time) throws SQLException {
        if (time == null) {
            statement.setNull(position, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(position, time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
        }
    }
}
