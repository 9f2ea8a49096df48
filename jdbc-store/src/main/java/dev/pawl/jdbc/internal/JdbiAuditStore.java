package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.BusyException;
import dev.pawl.store.AuditStore;
import dev.pawl.store.AuditedJob;
import dev.pawl.store.Mend;
import dev.pawl.store.Neglected;
import dev.pawl.store.RecordedRepairs;
import dev.pawl.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Audits and repairs in PostgreSQL. Safe for use by many threads. */
public final class JdbiAuditStore implements AuditStore {
    private static final JobId BEFORE_ALL_IDS = new JobId("0", new UUID(0, 0));
    private static final String HOLDER = "repair";

    private final Database database;
    private final Transactions transactions;

    /** In transactions of its own. */
    public JdbiAuditStore(Database database) {
        this(database, new OwnTransactions(database));
    }

    /** In others. */
    JdbiAuditStore(Database database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    @Override
    public Looked look(Optional<JobId> after, int most, AuditLimits limits) {
        String queue = after.map(JobId::queue).orElse("");
        UUID id = after.orElse(BEFORE_ALL_IDS).uuid();
        return transactions.run("audit jobs", handle -> {
            AuditSql sql = handle.attach(AuditSql.class);
            Optional<AuditRows.End> end = sql.end(queue, id, most);
            Optional<JobId> last = end.map(AuditRows.End::last);
            List<AuditedJob> suspects = last.map(to -> sql.suspects(schema(), queue, id, to.queue(), to.uuid()))
                    .orElse(List.of());
            List<Neglected> neglected = last.map(to -> sql.neglected(
                            queue,
                            id,
                            to.queue(),
                            to.uuid(),
                            SqlArrays.micros(limits.leaseExpired()),
                            SqlArrays.micros(limits.due()),
                            now()))
                    .orElse(List.of());
            AuditRows.AtInstant now = sql.now(schema(), now());
            int jobs = end.map(AuditRows.End::jobs).orElse(0);
            return new Looked(suspects, neglected, jobs, last, now.issued(), now.at());
        });
    }

    @Override
    public List<Violation> surroundings(AuditLimits limits) {
        return transactions.run("audit queues", handle -> {
            AuditSql sql = handle.attach(AuditSql.class);
            List<Violation> found = new ArrayList<>();
            sql.tokens(schema()).forEach(line -> found.add(line(Invariant.TOKEN_NOT_ISSUED, line.subject(), line)));
            sql.paused(SqlArrays.micros(limits.paused()), now())
                    .forEach(line -> found.add(line(Invariant.QUEUE_PAUSED, "queue " + line.subject(), line)));
            sql.snapshots(SqlArrays.micros(limits.snapshot()))
                    .forEach(line -> found.add(line(Invariant.SNAPSHOT_HELD, line.subject(), line)));
            return List.copyOf(found);
        });
    }

    private static Violation line(Invariant invariant, String subject, AuditRows.Line line) {
        return new Violation(invariant, subject, Optional.empty(), line.found());
    }

    @Override
    public Optional<AuditedJob> read(JobId id) {
        return transactions.run("read job " + id, handle -> read(handle, id));
    }

    @Override
    public Result repair(Auditor.Plan plan, Actor by) {
        JobId id = plan.violation()
                .job()
                .orElseThrow(() -> new IllegalArgumentException("a plan is of a job, but this is of none: " + plan));
        try {
            return transactions.run("repair job " + id, handle -> new Repairing(handle, id).run(plan, by));
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) {
                throw new BusyException("job " + id + ", or its parent");
            }
            throw failure;
        }
    }

    @Override
    public RecordedRepairs repairs(OptionalLong before, int limit) {
        return transactions.run("read repairs", handle -> {
            List<AuditRows.Numbered> found =
                    handle.attach(RepairSql.class).repairs(before.orElse(Long.MAX_VALUE), limit + 1);
            List<AuditRows.Numbered> page = found.subList(0, Math.min(limit, found.size()));
            return new RecordedRepairs(
                    page.stream().map(AuditRows.Numbered::repair).toList(),
                    found.size() > limit ? OptionalLong.of(page.get(limit - 1).number()) : OptionalLong.empty(),
                    handle.attach(AuditSql.class).now(schema(), now()).at());
        });
    }

    private static Optional<AuditedJob> read(Handle handle, JobId id) {
        return handle.attach(AuditSql.class).read(id.queue(), id.uuid());
    }

    private String schema() {
        return database.schema().value();
    }

    private Argument now() {
        return SqlArrays.time(database.time().orElse(null));
    }

    /** One repair, within one transaction: the job is locked, read in a later statement, and compared with the plan's (rule A2). */
    private final class Repairing {
        private final Handle handle;
        private final RepairSql sql;
        private final JobId id;

        Repairing(Handle handle, JobId id) {
            this.handle = handle;
            this.sql = handle.attach(RepairSql.class);
            this.id = id;
        }

        Result run(Auditor.Plan plan, Actor by) {
            sql.lock(id.queue(), id.uuid());
            Optional<AuditedJob> job = read(handle, id);
            Optional<Mend> mend = job.filter(now -> now.guard().equals(plan.guard()))
                    .flatMap(now -> Mend.of(plan.violation().invariant(), now, plan.outputsExist()));
            if (mend.isEmpty()) {
                return Result.HAS_CHANGED_SINCE;
            }
            String after = mend.get().describe(job.get());
            mend(job.get(), mend.get());
            String code = plan.violation().code();
            String user = JobWrites.user(by);
            sql.record(id.queue(), id.uuid(), code, job.get().describe(), after, user, now());
            job.get().parent().ifPresent(this::recountParent);
            return Result.DONE;
        }

        private void mend(AuditedJob job, Mend mend) {
            if (mend instanceof Mend.Recount) {
                recount(job);
            } else if (mend instanceof Mend.Cancel) {
                sql.cancel(id.queue(), id.uuid(), now());
            } else if (mend instanceof Mend.GoOn goOn) {
                job.fan().ifPresent(this::cancelChildren);
                sql.goOn(id.queue(), id.uuid(), goOn.stage(), now());
                sql.removeCheckpoints(id.queue(), id.uuid(), goOn.stage());
            } else if (mend instanceof Mend.End end) {
                end(job, end);
            }
        }

        private void end(AuditedJob job, Mend.End end) {
            int stage = end.stageOf(job);
            job.fan().ifPresent(this::cancelChildren);
            sql.end(id.queue(), id.uuid(), end.as().name(), stage, end.keepsChildren(job), now());
            if (end.keepsChildren(job)) {
                read(handle, id).ifPresent(this::recount);
            }
            sql.removeCheckpoints(id.queue(), id.uuid(), Math.min(stage, job.stages() - 1));
            if (end.as() == JobStatus.COMPLETED) {
                sql.addCheckpoints(id.queue(), id.uuid(), job.stages() - 1, HOLDER, now());
            } else {
                sql.fail(
                        id.queue(),
                        id.uuid(),
                        HOLDER,
                        "repaired: its outputs don't exist; it was " + job.describe(),
                        now());
            }
        }

        /** Their own children become orphans. None of them is waited for. */
        private void cancelChildren(AuditedJob.Fan fan) {
            FamilySql children = handle.attach(FamilySql.class);
            Argument none = SqlArrays.uuids(List.<JobId>of(), JobId::uuid);
            children.cancelOpen(id.queue(), id.uuid(), fan.token(), none, Integer.MAX_VALUE, now());
            if (children.count(id.queue(), id.uuid(), fan.token()).open() > 0) {
                throw new BusyException("a child of job " + id);
            }
        }

        /** The last thing of all, as everywhere: nobody who holds a parent waits for a child. */
        private void recountParent(AuditedJob.Parent parent) {
            JobId above = parent.id();
            if (sql.lock(above.queue(), above.uuid()).isPresent()) {
                read(handle, above).filter(job -> job.fan().isPresent()).ifPresent(this::recount);
            }
        }

        private void recount(AuditedJob parent) {
            Optional<AuditedJob.Fan> fan = parent.fan();
            Children.Counts counts = fan.map(AuditedJob.Fan::counted).orElse(new Children.Counts(0, 0, 0, 0));
            boolean decided = fan.map(judgedBy(counts)).orElse(true);
            sql.recount(
                    parent.id().queue(),
                    parent.id().uuid(),
                    counts.total(),
                    counts.open(),
                    counts.failed(),
                    counts.cancelled(),
                    decided,
                    now());
        }

        private Function<AuditedJob.Fan, Boolean> judgedBy(Children.Counts counts) {
            return fan -> fan.policy().judge(counts) != FanIn.Verdict.WAIT;
        }
    }
}
