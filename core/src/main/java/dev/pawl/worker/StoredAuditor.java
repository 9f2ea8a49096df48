package dev.pawl.worker;

import dev.pawl.Actor;
import dev.pawl.Running;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Repair;
import dev.pawl.audit.RepairListing;
import dev.pawl.audit.Violation;
import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import dev.pawl.scan.ScanState;
import dev.pawl.store.AuditStore;
import dev.pawl.store.Diagnosis;
import dev.pawl.store.Mend;
import dev.pawl.store.Neglected;
import dev.pawl.store.RecordedRepairs;
import dev.pawl.store.ScanDiagnosis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Audits over a store. */
public final class StoredAuditor implements Auditor {
    private static final Logger log = LoggerFactory.getLogger(StoredAuditor.class);
    private static final int PAGE = 1_000;
    private static final int MOST_REPAIRS = 10_000;

    private final WorkerContext context;
    private final AuditStore store;
    private final Map<String, Evidence.Outputs> outputs;
    private final Map<String, Evidence.Waiting> waiting;
    private final AuditLimits limits;

    /**
     * Without evidence, within the standard limits.
     *
     * @param context of the Pawl that it belongs to
     * @param store to audit
     */
    public StoredAuditor(WorkerContext context, AuditStore store) {
        this(context, store, Map.of(), Map.of(), AuditLimits.STANDARD);
    }

    private StoredAuditor(
            WorkerContext context,
            AuditStore store,
            Map<String, Evidence.Outputs> outputs,
            Map<String, Evidence.Waiting> waiting,
            AuditLimits limits) {
        this.context = context;
        this.store = store;
        this.outputs = outputs;
        this.waiting = waiting;
        this.limits = limits;
    }

    @Override
    public Auditor with(Evidence evidence) {
        Objects.requireNonNull(evidence, "evidence");
        Map<String, Evidence.Outputs> allOutputs = new HashMap<>(outputs);
        Map<String, Evidence.Waiting> allWaiting = new HashMap<>(waiting);
        if (evidence instanceof Evidence.Outputs of) {
            allOutputs.put(of.pipeline(), of);
        } else if (evidence instanceof Evidence.Waiting of) {
            allWaiting.put(of.scan(), of);
        }
        return new StoredAuditor(context, store, Map.copyOf(allOutputs), Map.copyOf(allWaiting), limits);
    }

    @Override
    public Auditor within(AuditLimits other) {
        return new StoredAuditor(context, store, outputs, waiting, Objects.requireNonNull(other, "limits"));
    }

    @Override
    public Audit audit() {
        return from(Optional.empty());
    }

    @Override
    public Audit more(Audit audit) {
        if (Objects.requireNonNull(audit, "audit").isComplete()) {
            throw new IllegalArgumentException(
                    "the audit is complete: there is nothing to go on with; begin another one");
        }
        return from(audit.last());
    }

    private Audit from(Optional<JobId> beginning) {
        context.checkOpen();
        long began = System.nanoTime();
        List<Violation> found = new ArrayList<>();
        List<Neglected> neglected = new ArrayList<>();
        Optional<Instant> asOf = Optional.empty();
        Optional<JobId> after = beginning;
        long jobs = 0;
        while (true) {
            int page = (int) Math.min(PAGE, limits.jobs() - jobs);
            AuditStore.Looked looked = store.look(after, page, limits);
            asOf = asOf.or(() -> Optional.of(looked.at()));
            looked.suspects().forEach(job -> found.addAll(Diagnosis.of(job, looked.lastIssued(), limits, looked.at())));
            neglected.addAll(looked.neglected());
            jobs += looked.jobs();
            if (looked.jobs() < page) {
                found.addAll(Neglected.violations(neglected));
                found.addAll(store.surroundings(limits));
                found.addAll(scans(looked.at()));
                return new Audit(found, jobs, Optional.empty(), asOf.orElseThrow());
            }
            after = looked.last();
            if (jobs >= limits.jobs()
                    || System.nanoTime() - began >= limits.time().toNanos()) {
                found.addAll(Neglected.violations(neglected));
                return new Audit(found, jobs, after, asOf.orElseThrow());
            }
        }
    }

    private List<Violation> scans(Instant now) {
        return context.scans().all().stream()
                .flatMap(scan -> violations(scan, now).stream())
                .toList();
    }

    private List<Violation> violations(ScanState scan, Instant now) {
        Optional<LongSupplier> rows =
                Optional.ofNullable(waiting.get(scan.name())).map(Evidence.Waiting::rows);
        return ScanDiagnosis.of(scan, rows, limits, now);
    }

    @Override
    public List<Plan> plan(List<Violation> violations) {
        context.checkOpen();
        return Objects.requireNonNull(violations, "violations").stream()
                .flatMap(violation -> plan(violation).stream())
                .toList();
    }

    private Optional<Plan> plan(Violation violation) {
        return violation
                .job()
                .flatMap(store::read)
                .flatMap(job -> Mend.plan(
                        violation,
                        job,
                        () -> Optional.ofNullable(outputs.get(job.pipeline()))
                                .map(evidence -> evidence.exist().test(job.id()))));
    }

    @Override
    public List<Repaired> repair(List<Plan> plans, Actor by) {
        Objects.requireNonNull(by, "by");
        context.checkOpen();
        List<Repaired> repaired = new ArrayList<>();
        for (Plan plan : List.copyOf(Objects.requireNonNull(plans, "plans"))) {
            Repaired.Result result = store.repair(plan, by);
            log.info("repair by {}: {}: {}", by, plan, result);
            repaired.add(new Repaired(plan, result));
        }
        return List.copyOf(repaired);
    }

    @Override
    public List<Repair> repairs(int most) {
        return recorded(OptionalLong.empty(), most).rows();
    }

    @Override
    public RepairListing repairs(int limit, Optional<String> next) {
        Objects.requireNonNull(next, "next");
        OptionalLong before =
                next.map(RecordedRepairs::parse).map(OptionalLong::of).orElse(OptionalLong.empty());
        RecordedRepairs page = recorded(before, limit);
        Optional<String> behind = page.next().isPresent()
                ? Optional.of(RecordedRepairs.text(page.next().getAsLong()))
                : Optional.empty();
        return new RepairListing(limit, page.rows(), behind, page.asOf());
    }

    private RecordedRepairs recorded(OptionalLong before, int limit) {
        context.checkOpen();
        return store.repairs(before, Checks.between("records of repairs", limit, 1, MOST_REPAIRS));
    }

    @Override
    public Running every(Duration interval, Consumer<Audit> listener) {
        return new RepeatedAudits(this::from, interval, listener).lead(context);
    }
}
