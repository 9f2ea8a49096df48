package dev.pawl.jdbc.internal;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseState;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Named leases in PostgreSQL. Safe for use by many threads. */
public final class JdbiLeaseStore implements LeaseStore {
    private final Database database;
    private final Transactions transactions;
    private final Transactions renewing;
    private final Runnable keep;

    /** In transactions of its own. */
    public JdbiLeaseStore(Database database) {
        this(database, database.connections(), () -> {});
    }

    /**
     * With renewals on other connections.
     *
     * @param forRenewals which
     * @param keep has their connection kept from now on
     */
    JdbiLeaseStore(Database database, Connections forRenewals, Runnable keep) {
        this.database = database;
        this.transactions = new OneStatement(database, database.connections());
        this.renewing = new OneStatement(database, forRenewals);
        this.keep = keep;
    }

    /** The row is made where there is none, and then taken by the same statement as all others. */
    @Override
    public Optional<Lease> acquire(String name, String holder, Duration length) {
        try {
            return transactions.run("acquire lease '" + name + "'", handle -> {
                LeaseSql sql = handle.attach(LeaseSql.class);
                long micros = SqlArrays.micros(length);
                Argument now = now();
                Optional<LeaseRows.Acquired> answer = sql.acquire(name, holder, micros, now);
                if (answer.isEmpty() && sql.make(name, now) == 1) {
                    answer = sql.acquire(name, holder, micros, now);
                }
                return answer.flatMap(LeaseRows.Acquired::lease);
            });
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) { // by one who makes it, or changes the table
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public LeaseAnswer renew(String name, Fence fence, Duration length) {
        keep.run();
        return renewing.run("renew lease '" + name + "'", handle -> {
            LeaseSql sql = handle.attach(LeaseSql.class);
            return sql.renew(name, fence.token().value(), fence.holder(), SqlArrays.micros(length), now())
                    .<LeaseAnswer>map(LeaseAnswer.Renewed::new)
                    .orElseGet(() -> whyNot(sql, name, fence));
        });
    }

    @Override
    public LeaseAnswer release(String name, Fence fence, Duration rest) {
        return transactions.run("release lease '" + name + "'", handle -> {
            LeaseSql sql = handle.attach(LeaseSql.class);
            int released = sql.release(name, fence.token().value(), fence.holder(), SqlArrays.micros(rest), now());
            return released == 1 ? new LeaseAnswer.Released() : whyNot(sql, name, fence);
        });
    }

    /** What was stepped over and is the writer's was locked. */
    private static LeaseAnswer whyNot(LeaseSql sql, String name, Fence fence) {
        Optional<LeaseState> row = sql.state(name);
        return row.map(state -> state.refusal(fence))
                .orElse(Optional.of(new Refusal.Missing()))
                .<LeaseAnswer>map(LeaseAnswer.Refused::new)
                .orElseGet(LeaseAnswer.Busy::new);
    }

    @Override
    public Optional<Lease> find(String name) {
        return transactions.run("read lease '" + name + "'", handle -> find(handle, name));
    }

    private Optional<Lease> find(Handle handle, String name) {
        return handle.attach(LeaseSql.class).find(name, now());
    }

    private Argument now() {
        return SqlArrays.time(database.time().orElse(null));
    }
}
