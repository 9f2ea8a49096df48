package dev.pawl.testkit.contract;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.RefusedWrite;
import dev.pawl.testkit.TestTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The counter-example: a job table as it is usually written, and as the incidents found it. A stage's row and the job's row
 * are two independent writes, and nobody looks at the second one's count; no write asks who owns the job; and the claim looks
 * at pending and failed jobs only, or, once reclaiming was added, at those that run for too long as well.
 */
final class NaiveJobStore implements JobStore {
    private final Map<JobId, Row> rows = new LinkedHashMap<>();
    private final TestTime time;
    private final boolean reclaims;

    private NaiveJobStore(TestTime time, boolean reclaims) {
        this.time = time;
        this.reclaims = reclaims;
    }

    /** As it was at first. */
    static NaiveJobStore withoutReclaiming(TestTime time) {
        return new NaiveJobStore(time, false);
    }

    /** As it was after the first mend. */
    static NaiveJobStore reclaiming(TestTime time) {
        return new NaiveJobStore(time, true);
    }

    private static final class Row {
        final NewRow job;
        final Map<Integer, Json> stageRows = new HashMap<>();
        JobStatus status = JobStatus.PENDING;
        String worker = "nobody";
        Optional<Json> progress = Optional.empty();
        Instant updatedAt;

        Row(NewRow job, Instant now) {
            this.job = job;
            this.updatedAt = now;
        }
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        List<Answer> answers = new ArrayList<>();
        for (JobWrite write : writes) {
            Row row = rows.get(write.job());
            if (write instanceof JobWrite.Checkpoint done) {
                row.stageRows.put(done.stage(), done.result().orElse(Json.NULL)); // insert into job_stage …
                boolean last = done.stage() + 1 == row.job.stages();
                update(row, JobStatus.RUNNING, last ? JobStatus.COMPLETED : JobStatus.RUNNING);
            } else if (write instanceof JobWrite.SaveProgress save) {
                row.progress = Optional.of(save.progress());
            } else if (write instanceof JobWrite.Fail) {
                update(row, JobStatus.RUNNING, JobStatus.FAILED);
            } else if (write instanceof JobWrite.Release) {
                update(row, JobStatus.RUNNING, JobStatus.PENDING);
            } else if (write instanceof JobWrite.Cancel) {
                row.status = JobStatus.CANCELLED;
            }
            answers.add(new Answer.Done(state(row))); // and nobody looked at the count
        }
        return answers;
    }

    /** {@code update job set status = … where id = … and status = …}. */
    private static void update(Row row, JobStatus from, JobStatus to) {
        if (row.status == from) {
            row.status = to;
        }
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        List<Claimed> claimed = new ArrayList<>();
        for (Row row : rows.values()) {
            boolean open = row.status == JobStatus.PENDING || row.status == JobStatus.FAILED;
            boolean stuck = row.status == JobStatus.RUNNING
                    && !row.updatedAt.plus(request.length()).isAfter(time.now());
            if (open || (reclaims && stuck)) {
                row.status = JobStatus.RUNNING;
                row.worker = request.holder();
                row.updatedAt = time.now();
                claimed.add(new Claimed(state(row), row.job.payload(), row.progress, Optional.empty()));
            }
        }
        return claimed;
    }

    /** A state without contradictions, for the answer: the row itself may have some. */
    private JobState state(Row row) {
        Phase phase = new Phase.Running(row.worker, row.updatedAt.plusSeconds(30), row.updatedAt);
        int stage = Math.min(row.stageRows.size(), row.job.stages() - 1);
        return new JobState(
                row.job.id(),
                row.job.pipeline(),
                row.job.version(),
                row.job.stages(),
                stage,
                1,
                0,
                row.job.priority(),
                Optional.of(new FencingToken(1)),
                0,
                row.updatedAt,
                phase);
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        return Optional.ofNullable(rows.get(id))
                .map(row -> new JobSnapshot(
                        id,
                        row.job.pipeline(),
                        row.job.version(),
                        Scene.STAGES,
                        row.status,
                        row.stageRows.size(),
                        1,
                        0,
                        Optional.empty(),
                        Optional.of(row.worker),
                        Optional.empty(),
                        row.progress,
                        row.job.key(),
                        row.job.payload(),
                        row.job.triggeredBy(),
                        row.job.priority(),
                        row.updatedAt,
                        Optional.empty(),
                        Optional.empty(),
                        row.updatedAt,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        time.now()));
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        jobs.forEach(job -> rows.put(job.id(), new Row(job, time.now())));
        return jobs.stream().map(job -> new Enqueued(job.id(), true)).toList();
    }

    @Override
    public Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        return Map.copyOf(rows.get(id).stageRows);
    }

    @Override
    public List<String> describe(String pipeline, int version, List<String> stages) {
        return stages;
    }

    @Override
    public List<Failure> failures(JobId id) {
        return List.of();
    }

    @Override
    public Children.Counts countChildren(JobId parent, FencingToken fan) {
        return new Children.Counts(0, 0, 0, 0);
    }

    @Override
    public List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        return List.of();
    }

    @Override
    public List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        return List.of();
    }

    @Override
    public int cancelOrphans(String queue, int most) {
        return 0;
    }

    @Override
    public void report(List<RefusedWrite> refused) {}
}
