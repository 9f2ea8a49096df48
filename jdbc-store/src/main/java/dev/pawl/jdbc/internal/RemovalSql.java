package dev.pawl.jdbc.internal;

import dev.pawl.job.JobStatus;
import dev.pawl.store.Removal.Below;
import dev.pawl.store.Removal.Place;
import dev.pawl.store.Removal.Root;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/**
 * Statements of retention, on one queue. None waits for a lock. Whether there is a child is asked for by a limited query, and not by
 * {@code exists}, which the planner may answer by reading the whole table once.
 */
final class RemovalSql {
    /** Jobs by their ids. */
    private static final String WANTED = """
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.id
                from unnest(cast(:ids as uuid[])) as w (id)
            )
            """;

    private static final List<String> DETAILS = List.of("checkpoint", "failure", "operation");

    private final Handle handle;
    private final String queue;

    RemovalSql(Handle handle, String queue) {
        this.handle = handle;
        this.queue = queue;
    }

    /** Where a page ends that has more ended jobs beyond it. */
    Optional<Place> end(Place after, Instant before, int most) {
        return handle.createQuery("""
                          select j.ended_at,
                                 j.id
                            from <schema>.job j
                           where j.queue = :queue
                             and j.ended_at is not null
                             and (j.ended_at, j.id) > (:after, :id)
                             and j.ended_at < :before
                        order by j.ended_at, j.id
                          offset :most
                           limit 1
                        """)
                .bind("queue", queue)
                .bind("after", SqlArrays.time(after.endedAt()))
                .bind("id", after.id())
                .bind("before", SqlArrays.time(before))
                .bind("most", most - 1)
                .map((row, context) -> new Place(ViewRows.at(row, 1), row.getObject(2, UUID.class)))
                .findOne();
    }

    /** Those of a page that nobody has locked, which they are from now on. */
    List<Root> lockRoots(Place after, Optional<Place> last, Instant before, JobStatus as) {
        Place end = last.orElse(new Place(before, new UUID(0, 0)));
        return handle.createQuery("""
                          select j.ended_at,
                                 j.id,
                                 (select 1
                                    from <schema>.job c
                                   where c.queue = j.queue
                                     and c.parent_id = j.id
                                   limit 1) is not null
                            from <schema>.job j
                           where j.queue = :queue
                             and j.ended_at is not null
                             and (j.ended_at, j.id) > (:after, :id)
                             and (j.ended_at, j.id) <= (:last, :lastId)
                             and j.ended_at < :before
                             and j.status = :as
                             and j.parent_id is null
                        order by j.ended_at, j.id
                             for update of j skip locked
                        """)
                .bind("queue", queue)
                .bind("after", SqlArrays.time(after.endedAt()))
                .bind("id", after.id())
                .bind("last", SqlArrays.time(end.endedAt()))
                .bind("lastId", end.id())
                .bind("before", SqlArrays.time(before))
                .bind("as", as.name())
                .map((row, context) ->
                        new Root(new Place(ViewRows.at(row, 1), row.getObject(2, UUID.class)), row.getBoolean(3)))
                .list();
    }

    /** What is below each of these, in all generations. */
    Map<UUID, Below> below(List<UUID> roots, Instant over) {
        Map<UUID, Below> below = new HashMap<>();
        handle.createQuery("""
                        with recursive w as materialized (
                          select cast(:queue as text) as queue,
                                 w.id
                            from unnest(cast(:ids as uuid[])) as w (id)
                        ),
                        tree (queue, root, id, ended_at) as (
                              select c.queue,
                                     w.id,
                                     c.id,
                                     c.ended_at
                                from w
                                join <schema>.job c
                                  on c.queue = w.queue
                                 and c.parent_id = w.id
                           union all
                              select c.queue,
                                     t.root,
                                     c.id,
                                     c.ended_at
                                from tree t
                                join <schema>.job c
                                  on c.queue = t.queue
                                 and c.parent_id = t.id
                        )
                          select t.root,
                                 count(*),
                                 bool_and(t.ended_at is not null and t.ended_at < :over)
                            from tree t
                        group by t.root
                        """)
                .bind("queue", queue)
                .bind("ids", uuids(roots))
                .bind("over", SqlArrays.time(over))
                .map((row, context) -> below.put(
                        row.getObject(1, UUID.class),
                        new Below((int) Math.min(row.getLong(2), Integer.MAX_VALUE), row.getBoolean(3))))
                .list();
        return below;
    }

    /** A job, and the root of its tree. */
    record Node(UUID root, UUID id) {}

    /** The next generation below these that may go, and that nobody has locked, which it is from now on. */
    List<Node> lockChildren(List<Node> parents, Instant over) {
        return handle.createQuery("""
                        with w as materialized (
                          select cast(:queue as text) as queue,
                                 w.*
                            from unnest(cast(:roots as uuid[]), cast(:ids as uuid[])) as w (root, id)
                        )
                        select w.root,
                               c.id
                          from w
                          join <schema>.job c
                            on c.queue = w.queue
                           and c.parent_id = w.id
                         where c.ended_at < :over
                           for update of c skip locked
                        """)
                .bind("queue", queue)
                .bind("roots", SqlArrays.uuids(parents, Node::root))
                .bind("ids", SqlArrays.uuids(parents, Node::id))
                .bind("over", SqlArrays.time(over))
                .map((row, context) -> new Node(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    /** Trees that were begun, and that nobody else is at. */
    List<Begun> lockBegun(int most) {
        return handle.createQuery("""
                          select r.job_id,
                                 r.token
                            from <schema>.removal r
                           where r.queue = :queue
                        order by r.job_id, r.token
                           limit :most
                             for update of r skip locked
                        """)
                .bind("queue", queue)
                .bind("most", most)
                .map((row, context) -> new Begun(row.getObject(1, UUID.class), row.getLong(2)))
                .list();
    }

    /** A job that is gone, and the last token that it had. */
    record Begun(UUID id, long token) {}

    /** Children of those that are gone, up to so many. */
    List<UUID> lockChildren(List<Begun> parents, Instant over, int most) {
        return handle.createQuery("""
                        with w as materialized (
                          select cast(:queue as text) as queue,
                                 w.*
                            from unnest(cast(:ids as uuid[]), cast(:tokens as bigint[])) as w (id, token)
                        )
                        select c.id
                          from w
                          join <schema>.job c
                            on c.queue = w.queue
                           and c.parent_id = w.id
                           and c.parent_fan <= w.token
                         where c.ended_at < :over
                         limit :most
                           for update of c skip locked
                        """)
                .bind("queue", queue)
                .bind("ids", SqlArrays.uuids(parents, Begun::id))
                .bind("tokens", SqlArrays.longs(parents, Begun::token))
                .bind("over", SqlArrays.time(over))
                .bind("most", most)
                .mapTo(UUID.class)
                .list();
    }

    /** Takes note of those among them that have children, which are to follow. */
    void begin(List<UUID> parents) {
        if (parents.isEmpty()) {
            return;
        }
        handle.createUpdate(WANTED + """
                        insert into <schema>.removal (queue, job_id, token)
                        select j.queue,
                               j.id,
                               j.token
                          from w
                          join <schema>.job j
                            on j.queue = w.queue
                           and j.id = w.id
                         where j.token is not null
                           and (select 1
                                  from <schema>.job c
                                 where c.queue = j.queue
                                   and c.parent_id = j.id
                                 limit 1) is not null
                            on conflict do nothing
                        """)
                .bind("queue", queue)
                .bind("ids", uuids(parents))
                .execute();
    }

    /** Forgets those whose children have all followed. */
    void end(List<Begun> parents) {
        handle.createUpdate("""
                        with w as materialized (
                          select cast(:queue as text) as queue,
                                 w.*
                            from unnest(cast(:ids as uuid[]), cast(:tokens as bigint[])) as w (id, token)
                        )
                        delete from <schema>.removal r
                         using w
                         where r.queue = w.queue
                           and r.job_id = w.id
                           and r.token = w.token
                           and (select 1
                                  from <schema>.job c
                                 where c.queue = w.queue
                                   and c.parent_id = w.id
                                   and c.parent_fan <= w.token
                                 limit 1) is null
                        """)
                .bind("queue", queue)
                .bind("ids", SqlArrays.uuids(parents, Begun::id))
                .bind("tokens", SqlArrays.longs(parents, Begun::token))
                .execute();
    }

    /** Jobs whose locks are held, with all that is recorded of them. */
    void delete(List<UUID> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        for (String table : DETAILS) {
            handle.createUpdate(WANTED + "delete from <schema>." + table
                            + " d using w where d.queue = w.queue and d.job_id = w.id")
                    .bind("queue", queue)
                    .bind("ids", uuids(jobs))
                    .execute();
        }
        int rows = handle.createUpdate(
                        WANTED + "delete from <schema>.job j using w where j.queue = w.queue and j.id = w.id")
                .bind("queue", queue)
                .bind("ids", uuids(jobs))
                .execute();
        Set<UUID> different = new HashSet<>(jobs);
        if (rows != different.size()) {
            throw new IllegalStateException(
                    different.size() + " jobs of queue " + queue + " were locked, but their removal found " + rows);
        }
    }

    private static Argument uuids(List<UUID> ids) {
        return SqlArrays.uuids(ids, id -> id);
    }
}
