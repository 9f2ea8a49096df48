package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobSummary;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the read side as values, read by position. */
final class ViewRows {
    /** What a {@link JobSummary} is made of, of a row {@code j} with its pipeline {@code p}; every select of them begins with these. */
    static final String SUMMARY = """
            j.queue, j.id, j.key, j.pipeline, j.version, j.status, \
            case when j.stage < j.stages then coalesce(p.stages[j.stage + 1], cast(j.stage + 1 as text)) end, \
            j.stage, j.stages, j.attempt, j.takeovers, j.priority, j.triggered_by, j.enqueued_at, j.started_at, j.since, j.due_at, \
            j.ended_at, j.token, j.holder, j.lease_expires_at, j.parent_id, j.child_key, j.fan, j.children, j.open_children, \
            j.failed_children, j.cancelled_children\
            """;

    /** Follows the rows {@code j}. Looked up for each, and not walked through, however few the planner takes them for. */
    static final String WITH_PIPELINE = """
            left join lateral (
                      select p.stages
                        from <schema>.pipeline p
                       where p.name = j.pipeline
                         and p.version = j.version
                      offset 0) p
                   on true
            """;

    static final int AFTER_SUMMARY = 29;

    private ViewRows() {}

    static JobSummary summary(ResultSet row) throws SQLException {
        String queue = row.getString(1);
        JobStatus status = JobStatus.valueOf(row.getString(6));
        Instant since = at(row, 16);
        return new JobSummary(
                new JobId(queue, row.getObject(2, UUID.class)),
                Optional.ofNullable(row.getString(3)),
                row.getString(4),
                row.getInt(5),
                status,
                Optional.ofNullable(row.getString(7)),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                row.getInt(12),
                actor(row.getString(13)),
                at(row, 14),
                time(row, 15),
                since,
                time(row, 17),
                time(row, 18),
                status == JobStatus.RUNNING ? Optional.of(lease(row, since)) : Optional.empty(),
                Optional.ofNullable(row.getObject(22, UUID.class)).map(parent -> new JobId(queue, parent)),
                Optional.ofNullable(row.getString(23)),
                row.getObject(24) == null ? Optional.empty() : Optional.of(counts(row)));
    }

    /** Of a job that has a parent. */
    static JobProgress.Child child(ResultSet row) throws SQLException {
        JobSummary job = summary(row);
        return new JobProgress.Child(job.childKey().orElseThrow(), job);
    }

    private static JobSummary.Held lease(ResultSet row, Instant since) throws SQLException {
        return new JobSummary.Held(new FencingToken(row.getLong(19)), row.getString(20), since, at(row, 21));
    }

    private static Children.Counts counts(ResultSet row) throws SQLException {
        return new Children.Counts(row.getInt(25), row.getInt(26), row.getInt(27), row.getInt(28));
    }

    static Actor actor(@Nullable String user) {
        return user == null ? Actor.SYSTEM : Actor.user(user);
    }

    static Instant at(ResultSet row, int column) throws SQLException {
        return time(row, column)
                .orElseThrow(() -> new IllegalStateException("column " + column + " of a view must not be null"));
    }

    static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = Objects.requireNonNull(row.getArray(column));
        return List.of((String[]) array.getArray());
    }
}
