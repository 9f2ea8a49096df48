package dev.pawl.examples.demo;

import dev.pawl.examples.jobs.Catalogue;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Jobs;
import dev.pawl.scan.Scans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;

/**
 * What the database says at the end.
 *
 * @param jobs all that were enqueued, in that order, also those that can't be found any more
 * @param children all that these started, job by job, in the order of their keys
 * @param strayOutputs rows in the application's table that belong to none of the jobs
 * @param laps how many laps of the scan over the recaps have ended
 * @param withoutAnEntry rows in the application's table that no lap has seen since they needed it
 * @param settings the server's settings on which durability rests
 */
public record Figures(
        List<OneJob> jobs,
        List<OneJob> children,
        int strayOutputs,
        long laps,
        int withoutAnEntry,
        Map<String, String> settings) {
    /** Keeps copies. */
    public Figures {
        jobs = List.copyOf(jobs);
        children = List.copyOf(children);
        settings = Map.copyOf(settings);
    }

    /** The jobs and their children. */
    List<OneJob> all() {
        return Stream.concat(jobs.stream(), children.stream()).toList();
    }

    List<OneJob> childrenOf(OneJob parent) {
        return children.stream().filter(child -> child.isChildOf(parent)).toList();
    }

    /**
     * One job.
     *
     * @param id the job's
     * @param name the decade, of a child with its genre
     * @param snapshot empty if there is no such job
     * @param checkpoints every row of it
     * @param failures every record of it
     * @param outputs every row of it in the application's table
     */
    public record OneJob(
            JobId id,
            String name,
            Optional<JobSnapshot> snapshot,
            List<Checkpoint> checkpoints,
            List<Failure> failures,
            List<Output> outputs) {
        /** Keeps copies of the lists. */
        public OneJob {
            checkpoints = List.copyOf(checkpoints);
            failures = List.copyOf(failures);
            outputs = List.copyOf(outputs);
        }

        boolean isCompleted() {
            return snapshot.map(JobSnapshot::status).equals(Optional.of(JobStatus.COMPLETED));
        }

        boolean isChildOf(OneJob parent) {
            return snapshot.flatMap(JobSnapshot::parent).equals(Optional.of(parent.id()));
        }

        List<Failure> failures(Failure.Kind kind) {
            return failures.stream().filter(failure -> failure.kind() == kind).toList();
        }

        /** Every token under which something is recorded of this job, in order, with the holder where it is known. */
        Map<Long, Optional<String>> tokens() {
            Map<Long, Optional<String>> holders = new LinkedHashMap<>();
            failures.forEach(failure -> holders.put(failure.token().value(), Optional.of(failure.holder())));
            outputs.forEach(output -> holders.put(output.token(), Optional.of(output.holder())));
            checkpoints.forEach(checkpoint -> holders.putIfAbsent(checkpoint.token(), checkpoint.holder()));
            snapshot.flatMap(JobSnapshot::token)
                    .ifPresent(token -> holders.putIfAbsent(token.value(), Optional.empty()));
            Map<Long, Optional<String>> inOrder = new LinkedHashMap<>();
            holders.keySet().stream()
                    .sorted()
                    .forEach(token -> inOrder.put(token, holders.getOrDefault(token, Optional.empty())));
            return inOrder;
        }

        /** The token of the claim that came next. */
        Optional<Long> tokenAfter(long token) {
            return tokens().keySet().stream().filter(later -> later > token).min(Comparator.naturalOrder());
        }
    }

    /**
     * A row of the checkpoints.
     *
     * @param position of the stage, from 0
     * @param token under which it was written
     * @param holder who wrote it
     */
    public record Checkpoint(int position, long token, Optional<String> holder) {}

    /**
     * A row of the application's.
     *
     * @param recap the text
     * @param token under which it was written
     * @param holder who wrote it
     */
    public record Output(String recap, long token, String holder) {}

    /**
     * Reads them.
     *
     * @param jobs where to look the jobs up
     * @param scans where to look the scan up
     * @param jdbi the database
     * @param enqueued every job that was enqueued, by its name
     * @return the figures
     */
    public static Figures read(Jobs jobs, Scans scans, Jdbi jdbi, Map<String, JobId> enqueued) {
        List<OneJob> all = new ArrayList<>();
        List<OneJob> children = new ArrayList<>();
        enqueued.forEach((name, id) -> {
            all.add(job(jobs, jdbi, id, name));
            children(jdbi, id).forEach((key, child) -> children.add(job(jobs, jdbi, child, name + " " + key)));
        });
        int rows = all.stream().mapToInt(job -> job.outputs().size()).sum();
        long laps =
                scans.find(Catalogue.NAME).map(scan -> scan.lap().number() - 1).orElse(0L);
        return new Figures(
                all, children, countOutputs(jdbi) - rows, laps, jdbi.withHandle(Catalogue::missing), settings(jdbi));
    }

    private static OneJob job(Jobs jobs, Jdbi jdbi, JobId id, String name) {
        return new OneJob(id, name, jobs.find(id), checkpoints(jdbi, id), jobs.failures(id), outputs(jdbi, id));
    }

    private static Map<String, JobId> children(Jdbi jdbi, JobId parent) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select child_key, id
                          from pawl.job
                         where queue = :queue
                           and parent_id = :parent
                         order by child_key""")
                .bind("queue", parent.queue())
                .bind("parent", parent.uuid())
                .reduceRows(new LinkedHashMap<>(), (children, row) -> {
                    children.put(
                            row.getColumn("child_key", String.class),
                            new JobId(parent.queue(), row.getColumn("id", UUID.class)));
                    return children;
                }));
    }

    /** The last stage's checkpoint is the job's own row, once it is completed. */
    private static List<Checkpoint> checkpoints(Jdbi jdbi, JobId id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select stage, token, holder
                          from pawl.checkpoint
                         where queue = :queue
                           and job_id = :id
                     union all
                        select stages - 1, token, completed_by
                          from pawl.job
                         where queue = :queue
                           and id = :id
                           and status = 'COMPLETED'
                      order by stage, token""")
                .bind("queue", id.queue())
                .bind("id", id.uuid())
                .map((row, context) -> new Checkpoint(
                        row.getInt("stage"), row.getLong("token"), Optional.ofNullable(row.getString("holder"))))
                .list());
    }

    private static List<Output> outputs(Jdbi jdbi, JobId id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select recap, token, holder
                          from recap_outputs
                         where job_id = :id
                         order by token""")
                .bind("id", id.uuid())
                .map((row, context) ->
                        new Output(row.getString("recap"), row.getLong("token"), row.getString("holder")))
                .list());
    }

    private static int countOutputs(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from recap_outputs")
                .mapTo(int.class)
                .one());
    }

    private static Map<String, String> settings(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select name, setting
                          from pg_settings
                         where name in ('fsync', 'synchronous_commit', 'server_version')""")
                .setMapKeyColumn("name")
                .setMapValueColumn("setting")
                .collectInto(new GenericType<Map<String, String>>() {}));
    }
}
