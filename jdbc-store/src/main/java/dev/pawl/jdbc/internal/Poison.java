package dev.pawl.jdbc.internal;

import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a caller's transaction unable to commit. A statement that fails is not enough: a driver may roll back to a savepoint
 * of its own ({@code autosave=always}), and go on. Two equal rows under a constraint that only the commit looks at make the
 * commit itself fail, with the reason in its message.
 */
final class Poison {
    private static final Logger LOG = LoggerFactory.getLogger(Poison.class);
    private static final int LONGEST = 500;

    private Poison() {}

    interface PoisonSql {
        /** Unique per call, so that it meets no other transaction's. */
        @SqlUpdate("""
                insert into <schema>.poison (reason)
                values (:reason), (:reason)
                """)
        int poison(@Bind("reason") String reason);
    }

    /**
     * Poisons, as far as it can.
     *
     * @param why the reason, which the commit's exception will show
     * @param failure what is about to be thrown, which is told if this fails, too
     */
    static void into(Transactions transaction, String why, Throwable failure) {
        String reason = why.substring(0, Math.min(LONGEST, why.length())) + " [" + UUID.randomUUID() + "]";
        try {
            int rows = transaction.run("make the transaction unable to commit", handle -> insert(handle, reason));
            if (rows != 2) {
                throw new IllegalStateException("poison took " + rows + " rows instead of 2");
            }
        } catch (JdbiException | dev.pawl.PawlException | IllegalStateException alsoFailed) {
            LOG.debug("the transaction has failed already", alsoFailed);
            failure.addSuppressed(alsoFailed);
        }
    }

    private static int insert(Handle handle, String reason) {
        return handle.attach(PoisonSql.class).poison(reason);
    }
}
