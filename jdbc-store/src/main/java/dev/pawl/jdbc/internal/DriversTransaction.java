package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/** Whether the database has a transaction open on a connection, as far as the driver knows. Asks nobody. */
final class DriversTransaction {
    private DriversTransaction() {}

    /** Also if the driver can't be asked, behind something that does not unwrap. */
    static boolean mayBeOpen(Connection connection) {
        try {
            return !connection.isWrapperFor(PgConnection.class)
                    || connection.unwrap(PgConnection.class).getTransactionState() != TransactionState.IDLE;
        } catch (SQLException unknown) {
            return true;
        }
    }
}
