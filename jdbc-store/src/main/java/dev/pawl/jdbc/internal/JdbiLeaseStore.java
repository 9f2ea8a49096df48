package dev.pawl.jdbc.internal;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Named leases in PostgreSQL. Safe for use by many threads. */
public final class JdbiLeaseStore implements LeaseStore {
    private final Database database;
    private final LeaseSql sql;
    private final OneStatement statements;
    private final Runnable keep;

    /** In transactions of its own. */
    public JdbiLeaseStore(Database database) {
        this(database, database.connections(), () -> {});
    }

    /**
     * On other connections.
     *
     * @param forRenewals which
     * @param keep has one kept from now on
     */
    JdbiLeaseStore(Database database, Connections forRenewals, Runnable keep) {
        this.database = database;
        this.sql = new LeaseSql(database.schema());
        this.statements = new OneStatement(database, forRenewals);
        this.keep = keep;
    }

    /** The row is made where there is none, and then taken by the same statement as all others. */
    @Override
    public Optional<Lease> acquire(String name, String holder, Duration length) {
        return unlessLocked(
                () -> statements.runRepeatable(
                        "acquire lease '" + name + "'", connection -> acquired(connection, name, holder, length)),
                Optional.empty());
    }

    /** A holder that has it, since the answer to its call was lost, is told so. */
    private Optional<Lease> acquired(Connection connection, String name, String holder, Duration length)
            throws SQLException {
        Optional<Lease> taken = sql.acquire(connection, name, holder, length, now());
        if (taken.isPresent()) {
            return taken;
        }
        Optional<LeaseSql.Row> row = sql.read(connection, name, now());
        if (row.isPresent()) {
            return row.get().lease().filter(lease -> lease.holder().equals(holder));
        }
        sql.make(connection, name, now());
        return sql.acquire(connection, name, holder, length, now());
    }

    @Override
    public LeaseAnswer renew(String name, Fence fence, Duration length) {
        keep.run();
        return unlessLocked(
                () -> statements.runRepeatable("renew lease '" + name + "'", connection -> {
                    Optional<Lease> renewed = sql.renew(connection, name, fence, length, now());
                    return renewed.isPresent()
                            ? new LeaseAnswer.Renewed(renewed.get())
                            : whyNot(connection, name, fence);
                }),
                new LeaseAnswer.Busy());
    }

    @Override
    public LeaseAnswer release(String name, Fence fence, Duration rest) {
        return unlessLocked(
                () -> statements.run(
                        "release lease '" + name + "'",
                        connection -> sql.release(connection, name, fence, rest, now())
                                ? new LeaseAnswer.Released()
                                : whyNot(connection, name, fence)),
                new LeaseAnswer.Busy());
    }

    /** The table may be, by one who changes it, and the name, by one who makes its row. */
    private static <T> T unlessLocked(Supplier<T> call, T otherwise) {
        try {
            return call.get();
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) {
                return otherwise;
            }
            throw failure;
        }
    }

    /** What was stepped over and is the writer's was locked. */
    private LeaseAnswer whyNot(Connection connection, String name, Fence fence) throws SQLException {
        Optional<LeaseSql.Row> row = sql.read(connection, name, now());
        return row.map(found -> found.state().refusal(fence))
                .orElse(Optional.of(new Refusal.Missing()))
                .<LeaseAnswer>map(LeaseAnswer.Refused::new)
                .orElseGet(LeaseAnswer.Busy::new);
    }

    @Override
    public Optional<Lease> find(String name) {
        return statements.run(
                "read lease '" + name + "'",
                connection -> sql.read(connection, name, now()).flatMap(LeaseSql.Row::lease));
    }

    private @Nullable Instant now() {
        return database.time().orElse(null);
    }
}
