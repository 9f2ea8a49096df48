package dev.pawl.testkit.model;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.model.Step.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an act of a history amounts to, by what there is: whose lease it is by, and what it writes. */
final class Acts {
    private static final Actor ANN = Actor.user("ann");

    private final InMemoryJobStore memory;
    private final Fans fans;
    private final List<HeldJob<Json>> leases = new ArrayList<>();
    private final Set<JobId> jobs;

    Acts(InMemoryJobStore memory, Fans fans, Set<JobId> jobs) {
        this.memory = memory;
        this.fans = fans;
        this.jobs = jobs;
    }

    void claimed(HeldJob<Json> held) {
        leases.add(held);
    }

    /** Mostly one that is current. */
    Optional<HeldJob<Json>> lease(Act act) {
        List<HeldJob<Json>> current = leases.stream().filter(this::isCurrent).toList();
        List<HeldJob<Json>> from = act.lease() % 4 == 0 || current.isEmpty()
                ? leases.subList(Math.max(0, leases.size() - 8), leases.size())
                : current;
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(act.lease() / 4 % from.size()));
    }

    private boolean isCurrent(HeldJob<Json> held) {
        return memory.find(held.id())
                .filter(job -> job.holder().equals(Optional.of(held.fence().holder())))
                .isPresent();
    }

    /** One that can be retried, or another. */
    private JobId toRetry(Act act, JobId other) {
        List<JobId> ended = jobs.stream()
                .filter(id -> memory.find(id)
                        .filter(job -> job.status() == JobStatus.FAILED || job.status() == JobStatus.CANCELLED)
                        .isPresent())
                .toList();
        return ended.isEmpty() ? other : ended.get(act.lease() % ended.size());
    }

    JobWrite toWrite(Act act, HeldJob<Json> held) {
        JobId id = held.id();
        Fence fence = held.fence();
        int stage = Math.max(0, held.job().stage() + act.shift());
        Duration length = held.length();
        return switch (kind(act, held)) {
            case RENEW -> held.renewal();
            case SAVE ->
                new JobWrite.SaveProgress(
                        id, fence, stage, held.job().progressNo() + 1 + act.variant(), json("at", act), length);
            case SAVE_OLDER ->
                new JobWrite.SaveProgress(
                        id, fence, stage, Math.max(1, held.job().progressNo()), json("at", act), length);
            case CHECKPOINT ->
                new JobWrite.Checkpoint(
                        id,
                        fence,
                        stage,
                        act.variant() == 2 ? Optional.empty() : Optional.of(json("result", act)),
                        length);
            case FAIL ->
                new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no"), Optional.of(Duration.ofSeconds(act.variant())));
            case FAIL_FOR_GOOD ->
                new JobWrite.Fail(id, fence, stage, ErrorInfo.of(new IllegalStateException("no")), Optional.empty());
            case RELEASE -> new JobWrite.Release(id, fence, stage, Duration.ZERO);
            case LATER -> new JobWrite.Release(id, fence, stage, Duration.ofSeconds(1 + act.variant()));
            case CANCEL -> new JobWrite.Cancel(id, ANN);
            case RETRY -> new JobWrite.Retry(toRetry(act, id), Actor.SYSTEM);
            case CANCEL_PARENT -> new JobWrite.Cancel(parentOf(held), ANN);
            case RETRY_PARENT -> new JobWrite.Retry(parentOf(held), Actor.SYSTEM);
            case FAN_OUT -> fans.fanOut(held, stage, act.lease() / 4);
            case AWAIT_CHILDREN -> new JobWrite.AwaitChildren(id, fence, stage);
            case CANCEL_CHILDREN -> new JobWrite.CancelChildren(id, fence, stage, 1 + act.variant(), length);
        };
    }

    /** Who has children judges them, where another would start some. */
    private static Step.Kind kind(Act act, HeldJob<Json> held) {
        boolean judges =
                act.kind() == Step.Kind.FAN_OUT && held.job().family().fan().isPresent() && act.lease() % 5 > 0;
        if (!judges) {
            return act.kind();
        }
        return act.lease() % 2 == 0 ? Step.Kind.AWAIT_CHILDREN : Step.Kind.CANCEL_CHILDREN;
    }

    private static JobId parentOf(HeldJob<?> held) {
        return held.job()
                .family()
                .parent()
                .map(parent -> new JobId(held.id().queue(), parent.id()))
                .orElse(held.id());
    }

    static Json json(String what, Act act) {
        return Json.of("{ \"" + what + "\":" + act.variant() + ", \"" + what + "\":2}");
    }

    /** What the leases were at the end. */
    @Override
    public String toString() {
        return leases.stream().map(HeldJob::job).map(JobState::toString).collect(Collectors.joining("\n  "));
    }
}
