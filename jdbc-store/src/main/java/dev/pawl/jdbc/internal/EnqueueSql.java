package dev.pawl.jdbc.internal;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/** New jobs, and the names of pipelines' stages. */
interface EnqueueSql {
    /** Returns the ids that were inserted; the others' id or key is known, maybe from earlier in the same statement. */
    @SqlQuery("""
               insert into <schema>.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,
                                         progress_no, key, payload, triggered_by, enqueued_at)
               select :queue,
                      w.id,
                      w.pipeline,
                      w.version,
                      w.stages,
                      0,
                      'PENDING',
                      w.priority,
                      0,
                      0,
                      greatest(<now> + w.delay * interval '1 microsecond', w.not_before),
                      <now>,
                      0,
                      w.key,
                      cast(w.payload as json),
                      w.triggered_by,
                      <now>
                 from unnest(cast(:ids as uuid[]), cast(:pipelines as text[]), cast(:versions as integer[]), cast(:stages as integer[]),
                             cast(:priorities as integer[]), cast(:delays as bigint[]), cast(:notBefores as timestamptz[]),
                             cast(:keys as text[]), cast(:payloads as text[]), cast(:users as text[]))
                   as w (id, pipeline, version, stages, priority, delay, not_before, key, payload, triggered_by)
                   on conflict do nothing
            returning id
            """)
    List<UUID> insert(@Bind("queue") String queue, @BindMethods Rows rows, @Bind("now") Argument now);

    /** The jobs that have these ids or keys, for each question; null if there is none any more. */
    @SqlQuery("""
              select coalesce((select j.id
                                 from <schema>.job j
                                where j.queue = :queue
                                  and j.id = w.id),
                              (select j.id
                                 from <schema>.job j
                                where j.queue = :queue
                                  and j.pipeline = w.pipeline
                                  and j.key = w.key)) as id
                from unnest(cast(:ids as uuid[]), cast(:pipelines as text[]), cast(:keys as text[]))
                     with ordinality as w (id, pipeline, key, n)
            order by w.n
            """)
    List<Optional<UUID>> known(
            @Bind("queue") String queue,
            @Bind("ids") Argument ids,
            @Bind("pipelines") Argument pipelines,
            @Bind("keys") Argument keys);

    /** Records a version's stages unless they are, and returns how many rows that made. */
    @org.jdbi.v3.sqlobject.statement.SqlUpdate("""
            insert into <schema>.pipeline (name, version, stages)
            values (:name, :version, cast(:stages as text[]))
                on conflict do nothing
            """)
    int describe(@Bind("name") String name, @Bind("version") int version, @Bind("stages") Argument stages);

    /** A version's stages. */
    @UseRowMapper(JobRows.NamesMapper.class)
    @SqlQuery("""
            select p.stages
              from <schema>.pipeline p
             where p.name = :name
               and p.version = :version
            """)
    Optional<List<String>> described(@Bind("name") String name, @Bind("version") int version);

    /** Tells listeners that a queue has work, when the transaction commits. */
    @SqlQuery("select pg_notify(:channel, :queues)")
    @UseRowMapper(Ignored.class)
    List<Boolean> tell(@Bind("channel") String channel, @Bind("queues") String queues);

    /** Jobs to insert. */
    record Rows(
            Argument ids,
            Argument pipelines,
            Argument versions,
            Argument stages,
            Argument priorities,
            Argument delays,
            Argument notBefores,
            Argument keys,
            Argument payloads,
            Argument users) {}

    /** A row that says nothing. */
    final class Ignored implements org.jdbi.v3.core.mapper.RowMapper<Boolean> {
        @Override
        public Boolean map(java.sql.ResultSet row, org.jdbi.v3.core.statement.StatementContext context) {
            return true;
        }
    }
}
