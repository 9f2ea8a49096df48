package dev.pawl.embed;

import dev.pawl.JsonCodec;
import dev.pawl.audit.Auditor;
import dev.pawl.internal.Checks;
import dev.pawl.job.Jobs;
import dev.pawl.lease.Leases;
import dev.pawl.scan.Scans;
import dev.pawl.store.AuditStore;
import dev.pawl.store.GroupCommit;
import dev.pawl.store.JobIds;
import dev.pawl.store.JobStore;
import dev.pawl.store.JsonValues;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.NewRows;
import dev.pawl.store.QueueStore;
import dev.pawl.store.Refusals;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ViewStore;
import dev.pawl.view.Views;
import dev.pawl.worker.Housekeeping;
import dev.pawl.worker.Started;
import dev.pawl.worker.StoredAuditor;
import dev.pawl.worker.Wakeups;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerContext;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All of Pawl over one store: the object that a service makes once and keeps. What it does is the same for every store; what
 * is particular to one (transactions, say) its subclass adds. Give classes of yours the part that they need: {@link Jobs}, or
 * {@link Leases}. Safe for use by many threads.
 */
public abstract class Pawl implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final WorkerContext context;
    private final Jobs jobs;
    private final Leases leases;
    private final Scans scans;
    private final Views views;
    private final Housekeeping housekeeping;
    private final Auditor auditor;

    /**
     * For stores.
     *
     * @param parts what it is made of
     */
    protected Pawl(Parts parts) {
        JsonValues values = new JsonValues(parts.codec(), parts.jsonLimit());
        this.context = new WorkerContext(
                parts.store(),
                parts.leases(),
                parts.scans(),
                parts.views().tallies(),
                new GroupCommit(parts.store(), parts.executor()),
                new Refusals(parts.store(), parts.executor()),
                values,
                new NewRows(values, new JobIds(parts.clock())),
                new Wakeups(),
                parts.name(),
                new Started(),
                closed::get);
        this.jobs = new StoredJobs(context, parts.queues());
        this.leases = new StoredLeases(context);
        this.scans = new StoredScans(context);
        this.views = new StoredViews(context, parts.views());
        this.housekeeping = new Housekeeping(context, parts.views().tallies());
        this.auditor = new StoredAuditor(context, parts.audits());
    }

    /**
     * What a Pawl is made of.
     *
     * @param store its jobs
     * @param queues its queues
     * @param leases its named leases
     * @param scans its scans
     * @param views its read side
     * @param audits what audits read, and repairs write
     * @param codec the application's JSON
     * @param jsonLimit most bytes of a payload, progress or result
     * @param name who this process is, for people: 1 to 100 printable characters
     * @param clock for the ids of new jobs, and nothing else
     * @param executor whose threads commit, nine at a time at most
     */
    public record Parts(
            JobStore store,
            QueueStore queues,
            LeaseStore leases,
            ScanStore scans,
            ViewStore views,
            AuditStore audits,
            JsonCodec codec,
            int jsonLimit,
            String name,
            InstantSource clock,
            Executor executor) {
        /** Checks the name. */
        public Parts {
            Objects.requireNonNull(store, "store");
            Objects.requireNonNull(queues, "queues");
            Objects.requireNonNull(leases, "leases");
            Objects.requireNonNull(scans, "scans");
            Objects.requireNonNull(views, "views");
            Objects.requireNonNull(audits, "audits");
            Objects.requireNonNull(codec, "codec");
            Objects.requireNonNull(clock, "clock");
            Objects.requireNonNull(executor, "executor");
            Checks.printable("name of this process", name);
            Checks.between("characters in the name of this process", name.length(), 1, 100);
        }
    }

    /**
     * Jobs, in Pawl's own transactions.
     *
     * @return the same for every call
     */
    public final Jobs jobs() {
        return jobs;
    }

    /**
     * Named leases: leaders, and work that one process does at a time.
     *
     * @return the same for every call
     */
    public final Leases leases() {
        return leases;
    }

    /**
     * Durable scans, from outside: where they are, and what to do about those that fail.
     *
     * @return the same for every call
     */
    public final Scans scans() {
        return scans;
    }

    /**
     * The read side: where jobs are, where they have been, and what is in the queues.
     *
     * @return the same for every call
     */
    public final Views views() {
        return views;
    }

    /**
     * What is done in the background where no worker does it: the ends of jobs are counted, and ended jobs are removed where that is
     * told. Start it in each process of a service, or in one: one of them does it at a time.
     *
     * @return the same for every call
     */
    public final Housekeeping housekeeping() {
        return housekeeping;
    }

    /**
     * Audits and repairs, without evidence and within the standard limits.
     *
     * @return the same for every call
     */
    public final Auditor auditor() {
        return auditor;
    }

    /**
     * Describes a worker on a queue.
     *
     * @param queue its name
     * @return a description to complete, and start
     */
    public final Worker.Builder worker(String queue) {
        return context.worker(queue);
    }

    /**
     * How many writes of this process were refused.
     *
     * @return since this Pawl was opened
     */
    public final long refusedWrites() {
        return context.refusals().count();
    }

    /**
     * What this Pawl is made of, for subclasses.
     *
     * @return the same for every call
     */
    protected final WorkerContext context() {
        return context;
    }

    /**
     * Closes what was started here, workers each within their grace; subclasses then end what is theirs. From then on
     * every call throws IllegalStateException; nothing can be started as soon as the closing has begun. Repeating it does nothing.
     */
    @Override
    public void close() {
        try {
            context.started().close();
        } finally {
            closed.set(true);
        }
    }
}
