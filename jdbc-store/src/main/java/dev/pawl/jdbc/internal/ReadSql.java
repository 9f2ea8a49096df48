package dev.pawl.jdbc.internal;

import dev.pawl.job.Failure;
import dev.pawl.job.JobSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/** One job, read by key. */
interface ReadSql {
    /** A job's failures, with the names of their stages. */
    String FAILURES = """
               select f.*,
                      coalesce(p.stages[f.stage + 1], cast(f.stage + 1 as text)) as stage_name
                 from <schema>.failure f
                 join <schema>.job j
                   on j.queue = f.queue
                  and j.id = f.job_id
            left join <schema>.pipeline p
                   on p.name = j.pipeline
                  and p.version = j.version
                where f.queue = :queue
                  and f.job_id = :id
            """;

    /** The job with its pipeline's stage names. */
    @UseRowMapper(JobRows.SnapshotMapper.class)
    @SqlQuery("""
               select j.*,
                      coalesce(p.stages, array(select cast(n as text) from generate_series(1, j.stages) n)) as stage_names,
                      <now> as as_of
                 from <schema>.job j
            left join <schema>.pipeline p
                   on p.name = j.pipeline
                  and p.version = j.version
                where j.queue = :queue
                  and j.id = :id
            """)
    Optional<JobSnapshot> find(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("now") Argument now);

    /** Results that are there, the last stage's included. */
    @UseRowMapper(JobRows.ResultMapper.class)
    @SqlQuery("""
               select c.stage,
                      c.result
                 from <schema>.checkpoint c
                where c.queue = :queue
                  and c.job_id = :id
                  and c.stage = any (cast(:stages as integer[]))
                  and c.result is not null
            union all
               select j.stages - 1,
                      j.result
                 from <schema>.job j
                where j.queue = :queue
                  and j.id = :id
                  and j.stages - 1 = any (cast(:stages as integer[]))
                  and j.result is not null
            """)
    List<JobRows.Result> results(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("stages") Argument stages);

    /** Oldest first. */
    @UseRowMapper(JobRows.FailureMapper.class)
    @SqlQuery(FAILURES + "order by f.id")
    List<Failure> failures(@Bind("queue") String queue, @Bind("id") UUID id);
}
