package dev.pawl.jdbc.internal;

import java.util.Optional;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** Queues, by name. One that was never paused has no row. */
interface QueueSql {
    /** The first who paused it stays on record. */
    @SqlUpdate("""
            insert into <schema>.queue as q (name, paused_at, paused_by)
            values (:queue, <now>, cast(:by as text))
                on conflict (name) do update
               set paused_at = excluded.paused_at,
                   paused_by = excluded.paused_by
             where q.paused_at is null
            """)
    int pause(@Bind("queue") String queue, @Bind("by") @Nullable String by, @Bind("now") Argument now);

    /** Does nothing if it is not paused. */
    @SqlUpdate("""
            update <schema>.queue
               set paused_at = null,
                   paused_by = null
             where name = :queue
               and paused_at is not null
            """)
    int resume(@Bind("queue") String queue);

    /** Empty if it has no row. */
    @SqlQuery("""
            select q.paused_at is not null
              from <schema>.queue q
             where q.name = :queue
            """)
    Optional<Boolean> isPaused(@Bind("queue") String queue);
}
