package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failed statement means, by its SQLSTATE, and in words. */
final class SqlFailures {
    static final String SERIALIZATION_FAILURE = "40001";
    static final String DEADLOCK_DETECTED = "40P01";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String READ_ONLY = "25006";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "3F000", "42703");
    private static final Set<String> SHUTTING_DOWN = Set.of("57P01", "57P02", "57P03");

    private SqlFailures() {}

    /** The SQLSTATE of the database's own answer, if there was one. */
    static Optional<String> state(Throwable failure) {
        return sql(failure).map(SQLException::getSQLState);
    }

    static boolean has(Throwable failure, String state) {
        return state(failure).filter(state::equals).isPresent();
    }

    /** Whether the same transaction may succeed if it is run again at once. */
    static boolean isTransient(Throwable failure) {
        return has(failure, SERIALIZATION_FAILURE) || has(failure, DEADLOCK_DETECTED);
    }

    /** Whether nobody knows what the database made of the last request: the connection broke before it answered. */
    static boolean isConnectionLost(Throwable failure) {
        return state(failure)
                .filter(state -> state.startsWith("08") || SHUTTING_DOWN.contains(state))
                .isPresent();
    }

    static StoreException notConnected(String what, Throwable failure) {
        return new StoreException(
                Kind.UNREACHABLE,
                "could not " + what + ": no connection to the database (" + message(failure) + "). Nothing was written."
                        + " If the pool is exhausted, give it more connections than there are threads that hold one while they"
                        + " wait for Pawl",
                failure);
    }

    static StoreException notWritten(String what, Throwable failure) {
        return new StoreException(
                isConnectionLost(failure) ? Kind.UNREACHABLE : Kind.FAILED,
                "could not " + what + ": " + message(failure) + hint(failure) + ". Nothing was written",
                failure);
    }

    static StoreException unknown(String what, Throwable failure) {
        return new StoreException(
                Kind.ANSWER_LOST,
                "lost the connection while committing (" + message(failure)
                        + "), so it is not known whether this happened: " + what
                        + ". Repeat the call: what was written is not written twice",
                failure);
    }

    private static String hint(Throwable failure) {
        String state = state(failure).orElse("");
        if (NO_SUCH_TABLE.contains(state)) {
            return " (the schema is missing or of another version: see PawlSchema.migrate)";
        }
        return switch (state) {
            case INSUFFICIENT_PRIVILEGE -> " (see META-INF/pawl/grants.sql for what Pawl needs)";
            case LOCK_NOT_AVAILABLE -> " (another transaction holds a lock on it; repeat the call later)";
            default -> "";
        };
    }

    private static String message(Throwable failure) {
        Throwable told = sql(failure).map(Throwable.class::cast).orElse(failure);
        String message = String.valueOf(told.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
        return state(failure).map(state -> message + ", SQLSTATE " + state).orElse(message);
    }

    private static Optional<SQLException> sql(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
