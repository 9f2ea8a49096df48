package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Repair;
import dev.pawl.audit.Violation;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.AuditStore;
import dev.pawl.store.AuditedJob;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.Mend;
import dev.pawl.store.Neglected;
import dev.pawl.store.RecordedRepairs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Audits and repairs of an {@link InMemoryJobStore}: the same diagnosis, of its own rows. Safe for use by many threads. */
public class InMemoryAuditStore implements AuditStore {
    private static final Comparator<JobId> ORDER =
            Comparator.comparing(JobId::queue).thenComparing(JobId::uuid, ClaimOrder.UUIDS);

    final InMemoryJobStore jobs;
    private final List<Repair> repairs = new ArrayList<>();

    /** Each of the methods that are neither private nor public is a step of its own, so that a test can break just that one. */
    InMemoryAuditStore(InMemoryJobStore jobs) {
        this.jobs = jobs;
    }

    @Override
    public final Looked look(Optional<JobId> after, int most, AuditLimits standard) {
        AuditLimits limits = patience(standard);
        return jobs.locked(now -> {
            List<JobRow> page = jobs.rows()
                    .filter(row -> after.isEmpty() || ORDER.compare(row.id(), after.get()) > 0)
                    .sorted(Comparator.comparing(JobRow::id, ORDER))
                    .limit(most)
                    .toList();
            List<Neglected> neglected = page.stream()
                    .map(JobRow::state)
                    .flatMap(job -> neglected(job, now, limits))
                    .toList();
            Optional<JobId> last = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).id());
            List<AuditedJob> audited = page.stream().map(this::audited).toList();
            return new Looked(suspects(audited), toldOf(neglected), page.size(), last, jobs.lastToken(), now);
        });
    }

    @Override
    public final List<Violation> surroundings(AuditLimits standard) {
        AuditLimits limits = patience(standard);
        return jobs.locked(now -> {
            List<Violation> found = new ArrayList<>();
            jobs.queues()
                    .paused()
                    .forEach((queue, pause) -> longAgo(pause.at(), now, limits.paused())
                            .map(at -> "paused by " + pause.by() + " since " + at)
                            .map(words ->
                                    new Violation(Invariant.QUEUE_PAUSED, "queue " + queue, Optional.empty(), words))
                            .ifPresent(found::add));
            return told(found);
        });
    }

    @Override
    public final Optional<AuditedJob> read(JobId id) {
        return jobs.locked(now -> jobs.lookUp(id).map(this::audited));
    }

    @Override
    public final Result repair(Auditor.Plan plan, Actor by) {
        return jobs.locked(now -> repair(plan, by, now));
    }

    private Result repair(Auditor.Plan plan, Actor by, Instant now) {
        JobId id = plan.violation()
                .job()
                .orElseThrow(() -> new IllegalArgumentException("a plan is of a job, but this is of none: " + plan));
        Optional<JobRow> row = jobs.lookUp(id);
        Optional<JobRow> parent = row.flatMap(this::parentOf);
        if (Stream.concat(row.stream(), parent.stream()).anyMatch(one -> isLocked(one.id()))) {
            throw new BusyException("job " + id + ", or its parent");
        }
        Optional<AuditedJob> job = row.map(this::audited).filter(as -> isAsPlanned(as, plan));
        Optional<Mend> mend = job.flatMap(as -> Mend.of(plan.violation().invariant(), as, plan.outputsExist()));
        if (mend.isEmpty()) {
            return Result.HAS_CHANGED_SINCE;
        }
        AuditedJob before = job.orElseThrow();
        jobs.put(mended(row.orElseThrow(), before, mend.get(), now));
        record(new Repair(
                now,
                by,
                plan.violation().code(),
                id,
                before.describe(),
                mend.get().describe(before)));
        parent.ifPresent(above -> recountParent(above.id(), now));
        return Result.DONE;
    }

    @Override
    public final RecordedRepairs repairs(OptionalLong before, int limit) {
        return jobs.locked(now -> page(repairs, before, limit, now));
    }

    /** Oldest first. */
    final List<Repair> repairsOf(JobId job) {
        return repairs.stream().filter(repair -> repair.job().equals(job)).toList();
    }

    // ---- the steps ----

    List<AuditedJob> suspects(List<AuditedJob> page) {
        return page;
    }

    List<Violation> told(List<Violation> found) {
        return List.copyOf(found);
    }

    List<Neglected> toldOf(List<Neglected> found) {
        return found;
    }

    AuditLimits patience(AuditLimits limits) {
        return limits;
    }

    Children.Counts counted(JobId parent, FencingToken fan) {
        return jobs.counted(parent, fan);
    }

    boolean isLocked(JobId id) {
        return jobs.isLocked(id);
    }

    boolean isAsPlanned(AuditedJob job, Auditor.Plan plan) {
        return job.guard().equals(plan.guard());
    }

    /** Records are numbered from 1. */
    RecordedRepairs page(List<Repair> recorded, OptionalLong before, int limit, Instant now) {
        int end = (int) Math.min(before.orElse(Long.MAX_VALUE) - 1, recorded.size());
        int begin = Math.max(0, end - limit);
        List<Repair> page = new ArrayList<>(recorded.subList(begin, end));
        Collections.reverse(page);
        return new RecordedRepairs(page, begin > 0 ? OptionalLong.of(begin + 1L) : OptionalLong.empty(), now);
    }

    void record(Repair repair) {
        repairs.add(repair);
    }

    void recountParent(JobId parent, Instant now) {
        JobRow row = jobs.lookUp(parent).orElseThrow();
        if (row.state().family().fan().isPresent()) {
            jobs.put(row.state(recounted(row.state(), audited(row), now)));
        }
    }

    JobRow mended(JobRow row, AuditedJob job, Mend mend, Instant now) {
        MemoryRepair repair = new MemoryRepair(row, now, jobs::drawToken);
        if (mend instanceof Mend.Cancel) {
            return repair.cancelled();
        }
        if (mend instanceof Mend.GoOn goOn) {
            cancelChildren(row, now);
            return repair.goingOn(goOn.stage());
        }
        if (mend instanceof Mend.End end) {
            cancelChildren(row, now);
            Optional<Children.Counts> kept =
                    Optional.of(row).filter(as -> end.keepsChildren(job)).flatMap(this::counted);
            return repair.ended(end.as(), end.stageOf(job), kept, job.describe());
        }
        return row.state(recounted(row.state(), job, now));
    }

    void cancelChildren(JobRow parent, Instant now) {
        List<JobRow> open = jobs.rows()
                .filter(row -> !row.state().status().isEnded())
                .filter(row -> row.id().queue().equals(parent.id().queue()))
                .filter(row -> row.state()
                        .family()
                        .parent()
                        .filter(link -> isOf(parent, link))
                        .isPresent())
                .toList();
        if (open.stream().anyMatch(child -> isLocked(child.id()))) {
            throw new BusyException("a child of job " + parent.id());
        }
        open.forEach(child -> jobs.put(new MemoryRepair(child, now, jobs::drawToken).cancelled()));
    }

    private static boolean isOf(JobRow parent, Family.Parent link) {
        return link.id().equals(parent.id().uuid()) && Lifecycle.isOfFan(parent.state(), link);
    }

    private Optional<Children.Counts> counted(JobRow parent) {
        return parent.state()
                .family()
                .fan()
                .map(fan -> counted(parent.id(), fan.by().token()));
    }

    private static JobState recounted(JobState job, AuditedJob audited, Instant now) {
        return MemoryRepair.recounted(job, audited.fan().map(AuditedJob.Fan::counted), now);
    }

    // ---- rows as audits read them ----

    private AuditedJob audited(JobRow row) {
        JobState job = row.state();
        Optional<Phase.Running> running =
                job.phase() instanceof Phase.Running phase ? Optional.of(phase) : Optional.empty();
        Optional<Instant> endedAt = endOf(job);
        long token = job.token().map(issued -> issued.value()).orElse(0L);
        List<Integer> checkpoints = row.checkpoints().keySet().stream()
                .filter(stage -> stage < job.stages() - 1)
                .sorted()
                .toList();
        long highest = row.checkpoints().values().stream()
                .mapToLong(recorded -> recorded.fence().token().value())
                .max()
                .orElse(0);
        return new AuditedJob(
                row.id(),
                job.pipeline(),
                job.stages(),
                job.stage(),
                job.status(),
                token == 0 ? OptionalLong.empty() : OptionalLong.of(token),
                running.map(Phase.Running::holder),
                running.map(Phase.Running::expiresAt),
                job.phase().dueAt(),
                row.startedAt(),
                endedAt,
                checkpoints,
                Math.max(token, highest),
                job.family().fan().map(fan -> fan(row.id(), fan)),
                endedAt.isPresent() && job.family().openChildren() > 0,
                job.family().parent().map(link -> parent(new JobId(row.id().queue(), link.id()))),
                List.of());
    }

    private AuditedJob.Fan fan(JobId parent, Family.Fan fan) {
        return new AuditedJob.Fan(
                fan.by().token().value(),
                fan.policy(),
                fan.counts(),
                counted(parent, fan.by().token()));
    }

    private AuditedJob.Parent parent(JobId id) {
        Optional<JobState> parent = jobs.lookUp(id).map(JobRow::state);
        return new AuditedJob.Parent(
                id,
                parent.map(JobState::status),
                parent.flatMap(InMemoryAuditStore::endOf),
                parent.filter(above ->
                                above.status().isEnded() && above.family().openChildren() > 0)
                        .isPresent());
    }

    private Optional<JobRow> parentOf(JobRow child) {
        return child.state()
                .family()
                .parent()
                .flatMap(link -> jobs.lookUp(new JobId(child.id().queue(), link.id())));
    }

    private static Optional<Instant> endOf(JobState job) {
        return job.phase() instanceof Phase.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    }

    // ---- work that nobody takes ----

    private Stream<Neglected> neglected(JobState job, Instant now, AuditLimits limits) {
        if (job.status().isEnded()) {
            return Stream.empty();
        }
        Stream<Neglected> unknown = jobs.knowPipelineOf(job)
                ? Stream.empty()
                : Stream.of(neglected(Invariant.PIPELINE_UNKNOWN, job, job.since()));
        if (jobs.isPaused(job)) {
            return unknown;
        }
        return Stream.of(
                        unknown,
                        expired(job, now, limits).stream().map(at -> neglected(Invariant.LEASE_EXPIRED, job, at)),
                        due(job, now, limits).stream().map(at -> neglected(Invariant.DUE_FOR_LONG, job, at)))
                .flatMap(Function.identity());
    }

    private static Neglected neglected(Invariant invariant, JobState job, Instant since) {
        return new Neglected(invariant, job.id().queue(), job.pipeline(), job.version(), 1, since, job.id());
    }

    private static Optional<Instant> expired(JobState job, Instant now, AuditLimits limits) {
        return job.phase() instanceof Phase.Running running
                ? longAgo(running.expiresAt(), now, limits.leaseExpired())
                : Optional.empty();
    }

    private static Optional<Instant> due(JobState job, Instant now, AuditLimits limits) {
        return job.phase() instanceof Phase.Running
                        || longAgo(job.since(), now, limits.due()).isEmpty()
                ? Optional.empty()
                : job.phase().dueAt().flatMap(at -> longAgo(at, now, limits.due()));
    }

    private static Optional<Instant> longAgo(Instant at, Instant now, Duration limit) {
        return at.isBefore(now.minus(limit)) ? Optional.of(at) : Optional.empty();
    }
}
