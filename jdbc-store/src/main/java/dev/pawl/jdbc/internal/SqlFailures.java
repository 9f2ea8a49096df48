package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a failed statement means, by its SQLSTATE, and in words. */
final class SqlFailures {
    static final String SERIALIZATION_FAILURE = "40001";
    static final String DEADLOCK_DETECTED = "40P01";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String READ_ONLY = "25006";
    static final String QUERY_CANCELED = "57014";
    private static final Set<String> SHUTTING_DOWN = Set.of("57P01", "57P02", "57P03");

    private SqlFailures() {}

    /** The SQLSTATE of the database's own answer, if there was one. */
    static Optional<String> state(Throwable failure) {
        return sql(failure).stream()
                .flatMap(sql -> Stream.ofNullable(sql.getSQLState()))
                .findFirst();
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

    /**
     * No connection was to be had. A database that answers, or can't be reached, has an SQLSTATE; a pool that is exhausted has
     * none.
     */
    static StoreException notConnected(String what, Throwable failure) {
        String why = state(failure).isPresent()
                ? "no connection to the database (" + message(failure) + ")" + SqlHints.of(failure)
                : "the pool gave no connection within its time (" + message(failure) + "). Pawl takes up to "
                        + PoolCheck.AT_ONCE + " at a time, and " + PoolCheck.BESIDE
                        + ": give the pool these beside what the"
                        + " application's threads hold while they wait for Pawl";
        return new StoreException(
                Kind.UNREACHABLE, "could not " + what + ": " + why + ". Nothing was written", failure);
    }

    static StoreException notWritten(String what, Throwable failure) {
        return new StoreException(
                isConnectionLost(failure) ? Kind.UNREACHABLE : Kind.FAILED,
                "could not " + what + ": " + message(failure) + SqlHints.of(failure) + ". Nothing was written",
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

    /** The pool's and the database's own words, on one line. */
    static String message(Throwable failure) {
        List<SQLException> told = sql(failure);
        String message = (told.isEmpty() ? Stream.of(failure) : told.stream())
                .map(one -> String.valueOf(one.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; "))
                .distinct()
                .collect(Collectors.joining(": "));
        return state(failure).map(state -> message + ", SQLSTATE " + state).orElse(message);
    }

    /** Of a pool and of the driver, say. */
    private static List<SQLException> sql(@Nullable Throwable failure) {
        List<SQLException> found = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                found.add(sql);
            }
        }
        return found;
    }
}
