package dev.pawl.jdbc.internal;

import java.sql.Types;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * How the read side asks: each reading is one snapshot, takes no lock, is given up after seconds, and goes by look-ups, as all
 * transactions of Pawl's own do. Its settings have no round trip of their own: they go along with its first statement.
 */
final class ViewRequest {
    private static final String SETTINGS = """
            set transaction isolation level repeatable read read only;
            select set_config('statement_timeout', '5s', true),
                   set_config('lock_timeout', '200ms', true),
                   set_config('idle_in_transaction_session_timeout', '5s', true),
                   set_config('enable_seqscan', 'off', true),
                   set_config('enable_bitmapscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('enable_sort', 'off', true),
                   set_config('enable_material', 'off', true),
                   set_config('jit', 'off', true);
            """;

    private static final int RESULTS = 2;

    /** The first of several. */
    static final Request FIRST = new Request(SETTINGS, RESULTS, "");

    /** All of a reading. */
    static final Request WHOLE = new Request(SETTINGS, RESULTS, ";\ncommit");

    private ViewRequest() {}

    /**
     * The time that a test says it is, or null for the database's own. A null has a type here: for the sake of one without, the driver
     * asks what a statement's answer looks like, finds it unbounded if it has texts, and sends the statement apart from all others.
     */
    static Argument time(@Nullable Instant time) {
        return time == null
                ? (position, statement, context) -> statement.setNull(position, Types.VARCHAR)
                : SqlArrays.time(time);
    }

    /** For a reading whose statements are not known before. */
    static void begin(Handle handle) {
        handle.execute(SETTINGS);
    }
}
