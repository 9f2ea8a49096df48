package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.ChildRow;
import dev.pawl.store.Claimed;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Recorded;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Rows as values, read by position and without reflection. */
final class JobRows {
    /** What a {@link JobState} is made of, of a row {@code j}; every select of states begins with these. */
    static final String STATE =
            "j.queue, j.id, j.pipeline, j.version, j.stages, j.stage, j.status, j.attempt, j.takeovers, j.priority, j.token,"
                    + " j.progress_no, j.since, j.holder, j.lease_expires_at, j.due_at, j.ended_at, j.parent_id, j.parent_fan,"
                    + " j.place_at, j.fan, j.fan_holder, j.tolerated, j.fail_fast, j.children, j.open_children,"
                    + " j.failed_children, j.cancelled_children";

    private static final int AFTER_STATE = 29;

    private JobRows() {}

    static JobState state(ResultSet row) throws SQLException {
        JobId id = new JobId(row.getString(1), row.getObject(2, UUID.class));
        long token = row.getLong(11);
        return new JobState(
                id,
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                row.getInt(6),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10),
                token == 0 ? Optional.empty() : Optional.of(new FencingToken(token)),
                row.getLong(12),
                time(row, 13),
                phase(row),
                family(row));
    }

    private static Family family(ResultSet row) throws SQLException {
        UUID parent = row.getObject(18, UUID.class);
        OffsetDateTime place = row.getObject(20, OffsetDateTime.class);
        long fan = row.getLong(21);
        if (parent == null && place == null && fan == 0) {
            return Family.NONE;
        }
        return new Family(
                parent == null
                        ? Optional.empty()
                        : Optional.of(new Family.Parent(parent, new FencingToken(row.getLong(19)))),
                Optional.ofNullable(place).map(OffsetDateTime::toInstant),
                fan == 0 ? Optional.empty() : Optional.of(fan(row, fan)));
    }

    private static Family.Fan fan(ResultSet row, long token) throws SQLException {
        return new Family.Fan(
                new Fence(new FencingToken(token), row.getString(22)),
                new FanIn(row.getInt(23), row.getBoolean(24)),
                new Children.Counts(row.getInt(25), row.getInt(26), row.getInt(27), row.getInt(28)));
    }

    private static Phase phase(ResultSet row) throws SQLException {
        JobStatus status = JobStatus.valueOf(row.getString(7));
        return switch (status) {
            case PENDING -> new Phase.Pending(time(row, 16));
            case WAITING ->
                row.getObject(16) == null ? new Phase.WaitingForChildren() : new Phase.Waiting(time(row, 16));
            case RUNNING -> new Phase.Running(row.getString(14), time(row, 15), time(row, 16));
            case COMPLETED, FAILED, CANCELLED -> new Phase.Ended(status, time(row, 17));
        };
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Optional<Json> json(@Nullable String text) {
        return Optional.ofNullable(text).map(Json::wellFormed);
    }

    /** {@link #STATE}. */
    public static final class StateMapper implements RowMapper<JobState> {
        @Override
        public JobState map(ResultSet row, StatementContext context) throws SQLException {
            return state(row);
        }
    }

    /** {@link #STATE}, the result that completed the job if it was asked for, who completed it, and the time of the reading. */
    record Locked(JobState job, Optional<Json> result, Optional<String> completedBy, Instant now) {
        /** The lease under which the job was completed; not known of what was completed before version 2. */
        Optional<Fence> completedUnder() {
            return completedBy.map(holder -> new Fence(job.token().orElseThrow(), holder));
        }
    }

    /** To {@link Locked}. */
    public static final class LockedMapper implements RowMapper<Locked> {
        @Override
        public Locked map(ResultSet row, StatementContext context) throws SQLException {
            return new Locked(
                    state(row),
                    json(row.getString(AFTER_STATE)),
                    Optional.ofNullable(row.getString(AFTER_STATE + 1)),
                    time(row, AFTER_STATE + 2));
        }
    }

    /** {@link #STATE}, payload, progress, and the former holder's token and name. */
    public static final class ClaimedMapper implements RowMapper<Claimed> {
        @Override
        public Claimed map(ResultSet row, StatementContext context) throws SQLException {
            String oldHolder = row.getString(AFTER_STATE + 3);
            Optional<Fence> takenFrom = oldHolder == null
                    ? Optional.empty()
                    : Optional.of(new Fence(new FencingToken(row.getLong(AFTER_STATE + 2)), oldHolder));
            return new Claimed(
                    state(row),
                    Json.wellFormed(row.getString(AFTER_STATE)),
                    json(row.getString(AFTER_STATE + 1)),
                    takenFrom);
        }
    }

    /** A checkpoint of a job. */
    record Checkpointed(UUID job, Recorded recorded) {}

    /** To {@link Checkpointed}: job, stage, token, holder, result. */
    public static final class CheckpointedMapper implements RowMapper<Checkpointed> {
        @Override
        public Checkpointed map(ResultSet row, StatementContext context) throws SQLException {
            Fence fence = new Fence(new FencingToken(row.getLong(3)), row.getString(4));
            return new Checkpointed(
                    row.getObject(1, UUID.class), new Recorded(row.getInt(2), fence, json(row.getString(5))));
        }
    }

    /** What a stage came to. */
    record Result(int stage, Optional<Json> result) {}

    /** To {@link Result}: stage, result. */
    public static final class ResultMapper implements RowMapper<Result> {
        @Override
        public Result map(ResultSet row, StatementContext context) throws SQLException {
            return new Result(row.getInt(1), json(row.getString(2)));
        }
    }

    /** By name: nobody reads snapshots by the thousand. */
    public static final class SnapshotMapper implements RowMapper<JobSnapshot> {
        @Override
        public JobSnapshot map(ResultSet row, StatementContext context) throws SQLException {
            long token = row.getLong("token");
            String user = row.getString("triggered_by");
            String queue = row.getString("queue");
            return new JobSnapshot(
                    new JobId(queue, row.getObject("id", UUID.class)),
                    row.getString("pipeline"),
                    row.getInt("version"),
                    texts(row.getArray("stage_names")),
                    JobStatus.valueOf(row.getString("status")),
                    row.getInt("stage"),
                    row.getInt("attempt"),
                    row.getInt("takeovers"),
                    token == 0 ? Optional.empty() : Optional.of(new FencingToken(token)),
                    Optional.ofNullable(row.getString("holder")),
                    time(row, "lease_expires_at"),
                    json(row.getString("progress")),
                    Optional.ofNullable(row.getString("key")),
                    Json.wellFormed(row.getString("payload")),
                    user == null ? Actor.SYSTEM : Actor.user(user),
                    row.getInt("priority"),
                    time(row, "enqueued_at").orElseThrow(),
                    time(row, "due_at"),
                    time(row, "started_at"),
                    time(row, "since").orElseThrow(),
                    time(row, "ended_at"),
                    Optional.ofNullable(row.getObject("parent_id", UUID.class)).map(parent -> new JobId(queue, parent)),
                    Optional.ofNullable(row.getString("child_key")),
                    row.getObject("fan") == null ? Optional.empty() : Optional.of(counts(row)),
                    time(row, "as_of").orElseThrow());
        }
    }

    private static Children.Counts counts(ResultSet row) throws SQLException {
        return new Children.Counts(
                row.getInt("children"),
                row.getInt("open_children"),
                row.getInt("failed_children"),
                row.getInt("cancelled_children"));
    }

    /** Children by their rows: total, open, failed, cancelled. */
    public static final class CountsMapper implements RowMapper<Children.Counts> {
        @Override
        public Children.Counts map(ResultSet row, StatementContext context) throws SQLException {
            return new Children.Counts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4));
        }
    }

    /** A child for its parent's join: queue, id, key, status, result, failure. */
    public static final class ChildMapper implements RowMapper<ChildRow> {
        @Override
        public ChildRow map(ResultSet row, StatementContext context) throws SQLException {
            return new ChildRow(
                    row.getString(3),
                    new JobId(row.getString(1), row.getObject(2, UUID.class)),
                    JobStatus.valueOf(row.getString(4)),
                    json(row.getString(5)),
                    Optional.ofNullable(row.getString(6)));
        }
    }

    /** A parent whose count was taken down. */
    record Counted(Family.Parent link, boolean woken, boolean belowZero) {}

    /** To {@link Counted}. */
    public static final class CountedMapper implements RowMapper<Counted> {
        @Override
        public Counted map(ResultSet row, StatementContext context) throws SQLException {
            Family.Parent link = new Family.Parent(row.getObject(1, UUID.class), new FencingToken(row.getLong(2)));
            return new Counted(link, row.getBoolean(3), row.getBoolean(4));
        }
    }

    /** By name. */
    public static final class FailureMapper implements RowMapper<Failure> {
        @Override
        public Failure map(ResultSet row, StatementContext context) throws SQLException {
            return new Failure(
                    Failure.Kind.valueOf(row.getString("kind")),
                    row.getString("stage_name"),
                    row.getInt("attempt"),
                    new FencingToken(row.getLong("token")),
                    row.getString("holder"),
                    time(row, "at").orElseThrow(),
                    Optional.ofNullable(row.getString("error_type")),
                    row.getString("message"),
                    Optional.ofNullable(row.getString("stack_trace")));
        }
    }

    /** An array of names. */
    public static final class NamesMapper implements RowMapper<List<String>> {
        @Override
        public List<String> map(ResultSet row, StatementContext context) throws SQLException {
            return texts(row.getArray(1));
        }
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) Objects.requireNonNull(array.getArray()));
    }
}
