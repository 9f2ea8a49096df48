package dev.pawl.testkit.input;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.Children;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.Family;
import dev.pawl.store.Histogram;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Viewed;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.view.Counted;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobSummary;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.ScanSettings;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A good value of each type that a parameter of the API has. */
final class Samples {
    private final List<Object> values;

    Samples(ClaimedJob<Json> held) {
        Lease lease = held.lease();
        JobState state = new JobState(
                held.id(),
                "desk",
                1,
                2,
                0,
                0,
                0,
                0,
                Optional.empty(),
                0,
                Instant.EPOCH,
                new JobState.Phase.Pending(Instant.EPOCH));
        InMemoryJobStore store = InMemoryJobStore.create();
        Handler<Json, Json> handler = job -> Outcome.done(Json.NULL);
        Handlers.Split<Json, Json> split = job -> Map.of();
        Handlers.Joiner<Json, Json, Json> join = (job, children) -> Outcome.done(Json.NULL);
        Children.Counts counts = new Children.Counts(1, 1, 0, 0);
        FailedPage failed = new FailedPage(
                "scan",
                0,
                1,
                Optional.empty(),
                Optional.empty(),
                1,
                "no",
                lease.token(),
                Instant.EPOCH,
                Instant.EPOCH,
                false);
        ScanState scan = new ScanState(
                "scan",
                "id",
                0,
                lease.token(),
                Optional.empty(),
                Instant.EPOCH,
                Lap.next(1),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty());
        JobSummary summary = new JobSummary(
                held.id(),
                Optional.empty(),
                "desk",
                1,
                JobStatus.PENDING,
                Optional.of("fetch"),
                0,
                2,
                0,
                0,
                0,
                Actor.SYSTEM,
                Instant.EPOCH,
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Viewed viewed = new Viewed(summary, List.of("fetch", "print"), List.of(), Map.of(), List.of(), Instant.EPOCH);
        Violation violation = Violation.of(Invariant.STATUS_CONTRADICTS, held.id(), "no");
        Auditor.Plan plan = new Auditor.Plan(violation, "before", "after", "guard", Optional.empty());
        values = List.of(
                violation,
                plan,
                Invariant.STATUS_CONTRADICTS,
                Invariant.Severity.ERROR,
                Auditor.Repaired.Result.DONE,
                AuditLimits.STANDARD,
                Evidence.of("desk", id -> true),
                new Audit(List.of(), 0, Optional.of(held.id()), Instant.EPOCH),
                (Predicate<JobId>) id -> true,
                (LongSupplier) () -> 0,
                (Consumer<Audit>) audit -> {},
                store.audits(),
                store.views(),
                store.views().tallies(),
                JobFilter.all(),
                StatsQuery.last(Duration.ofHours(1)),
                new Counted(1, true),
                summary,
                viewed,
                Histogram.NONE,
                JobProgress.StageState.CURRENT,
                JobEvent.Kind.ENQUEUED,
                Stats.Times.NONE,
                new Stats.Figures(0, 0, 0, 0, 0, Stats.Times.NONE, Stats.Times.NONE),
                Collections.emptySortedMap(),
                OptionalLong.empty(),
                failed,
                new FailedPage.Bounds(Json.NULL, 1, false),
                scan,
                scan.lap(),
                Walked.Stop.WRAPPED,
                ScanSettings.of("scan"),
                store.scans(),
                FanIn.ALL,
                counts,
                new Family.Parent(held.id().uuid(), lease.token()),
                new Family.Fan(lease.fence(), FanIn.ALL, counts),
                Family.NONE,
                new JobWrite.Release(held.id(), lease.fence(), 0, Duration.ZERO),
                split,
                join,
                (Leases.Duty) term -> {},
                "name",
                1,
                1L,
                true,
                Json.class,
                Json.NULL,
                Duration.ofMinutes(1),
                Instant.EPOCH,
                UUID.randomUUID(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Map.of(),
                Set.of(),
                Actor.SYSTEM,
                Actor.Kind.SYSTEM,
                held,
                held.id(),
                lease,
                lease.fence(),
                lease.token(),
                Desk.FETCH,
                Desk.RECAP,
                Desk.job(),
                Desk.job().settings(),
                Outcome.done(Json.NULL),
                JobStatus.PENDING,
                dev.pawl.job.Failure.Kind.FAILED,
                RetryPolicy.standard(),
                new Refusal.Missing(),
                new IllegalStateException("no"),
                new Random(1),
                handler,
                Handlers.of(Desk.RECAP),
                new WorkerListener() {},
                (Executor) Runnable::run,
                InstantSource.system(),
                JsonCodec.none(),
                store,
                store.queues(),
                store.leases(),
                state,
                state.phase(),
                ErrorInfo.of("no"));
    }

    Object of(Class<?> type) {
        Class<?> wanted = type == int.class
                ? Integer.class
                : type == long.class ? Long.class : type == boolean.class ? Boolean.class : type;
        return values.stream()
                .filter(wanted::isInstance)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no sample of " + type));
    }
}
