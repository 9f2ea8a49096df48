package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Repair;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.AuditedJob;
import dev.pawl.store.Neglected;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Rows of {@link AuditSql} as values. */
final class AuditRows {
    /** Of a record, as {@code r}: what {@link #repair} reads. */
    static final String REPAIR = "r.at, r.by_user, r.code, r.queue, r.job_id, r.before, r.after";

    private static final int AFTER_REPAIR = 8;

    private AuditRows() {}

    /** A page's last job, and how many it has. */
    record End(JobId last, int jobs) {}

    /** The last token that was issued, at a time. */
    record AtInstant(long issued, Instant at) {}

    /** What it is about, and what was found. */
    record Line(String subject, String found) {}

    /** To {@link End}. */
    public static final class EndMapper implements RowMapper<End> {
        @Override
        public End map(ResultSet row, StatementContext context) throws SQLException {
            return new End(id(row, 1, 2), row.getInt(3));
        }
    }

    /** To {@link AtInstant}. */
    public static final class InstantMapper implements RowMapper<AtInstant> {
        @Override
        public AtInstant map(ResultSet row, StatementContext context) throws SQLException {
            return new AtInstant(row.getLong(1), time(row, 2).orElseThrow());
        }
    }

    /** To {@link Neglected}. */
    public static final class NeglectedMapper implements RowMapper<Neglected> {
        @Override
        public Neglected map(ResultSet row, StatementContext context) throws SQLException {
            return new Neglected(
                    Invariant.valueOf(row.getString(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getLong(5),
                    time(row, 6).orElseThrow(),
                    id(row, 2, 7));
        }
    }

    /** To {@link Line}. */
    public static final class LineMapper implements RowMapper<Line> {
        @Override
        public Line map(ResultSet row, StatementContext context) throws SQLException {
            return new Line(row.getString(1), row.getString(2));
        }
    }

    /** A record, and its place among all. */
    public record Numbered(Repair repair, long number) {}

    /** To {@link Numbered}. */
    public static final class NumberedMapper implements RowMapper<Numbered> {
        @Override
        public Numbered map(ResultSet row, StatementContext context) throws SQLException {
            return new Numbered(repair(row), row.getLong(AFTER_REPAIR));
        }
    }

    /** Of the columns {@link #REPAIR}. */
    static Repair repair(ResultSet row) throws SQLException {
        String user = row.getString(2);
        return new Repair(
                time(row, 1).orElseThrow(),
                user == null ? Actor.SYSTEM : Actor.user(user),
                row.getString(3),
                id(row, 4, 5),
                row.getString(6),
                row.getString(7));
    }

    /** To {@link AuditedJob}. */
    public static final class JobMapper implements RowMapper<AuditedJob> {
        @Override
        public AuditedJob map(ResultSet row, StatementContext context) throws SQLException {
            long token = row.getLong(7);
            return new AuditedJob(
                    id(row, 1, 2),
                    row.getString(3),
                    row.getInt(4),
                    row.getInt(5),
                    status(row),
                    row.getObject(7) == null ? OptionalLong.empty() : OptionalLong.of(token),
                    Optional.ofNullable(row.getString(8)),
                    time(row, 9),
                    time(row, 10),
                    time(row, 11),
                    time(row, 12),
                    positions(row.getArray(13)),
                    row.getLong(14),
                    fan(row),
                    row.getBoolean(26),
                    parent(row),
                    List.of((String[]) row.getArray(31).getArray()));
        }

        /** One that is unknown is told as nonsense. */
        private static JobStatus status(ResultSet row) throws SQLException {
            String name = row.getString(6);
            return Arrays.stream(JobStatus.values())
                    .filter(status -> status.name().equals(name))
                    .findFirst()
                    .orElse(row.getObject(12) == null ? JobStatus.WAITING : JobStatus.CANCELLED);
        }

        private static List<Integer> positions(@Nullable Array stages) throws SQLException {
            return stages == null ? List.of() : List.of((Integer[]) stages.getArray());
        }

        private static Optional<AuditedJob.Fan> fan(ResultSet row) throws SQLException {
            long fan = row.getLong(15);
            return fan == 0
                    ? Optional.empty()
                    : Optional.of(new AuditedJob.Fan(fan, policy(row), counts(row, 18), counts(row, 22)));
        }

        private static FanIn policy(ResultSet row) throws SQLException {
            return row.getBoolean(17) ? FanIn.FAIL_FAST : FanIn.tolerating(Math.max(0, row.getInt(16)));
        }

        /** Those below zero are told as nonsense. */
        private static Children.Counts counts(ResultSet row, int from) throws SQLException {
            return new Children.Counts(
                    Math.max(0, row.getInt(from)),
                    Math.max(0, row.getInt(from + 1)),
                    Math.max(0, row.getInt(from + 2)),
                    Math.max(0, row.getInt(from + 3)));
        }

        private static Optional<AuditedJob.Parent> parent(ResultSet row) throws SQLException {
            UUID parent = row.getObject(27, UUID.class);
            return parent == null
                    ? Optional.empty()
                    : Optional.of(new AuditedJob.Parent(
                            new JobId(row.getString(1), parent),
                            Optional.ofNullable(row.getString(28)).map(JobStatus::valueOf),
                            time(row, 29),
                            row.getBoolean(30)));
        }
    }

    private static JobId id(ResultSet row, int queue, int id) throws SQLException {
        return new JobId(row.getString(queue), row.getObject(id, UUID.class));
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
