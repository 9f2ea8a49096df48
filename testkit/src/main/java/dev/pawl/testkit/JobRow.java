package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.Fence;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.NewChild;
import dev.pawl.store.NewRow;
import dev.pawl.store.Past;
import dev.pawl.store.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is stored of a job. Immutable: a write makes the next row and puts it in the place of this one, so that it is
 * atomic without further ado.
 *
 * @param state what the rules are about
 * @param origin the job as it was enqueued
 * @param childKey its key among its parent's children, if it has a parent
 * @param enqueuedAt when that was
 * @param startedAt when it was first claimed
 * @param progress what is saved inside the current stage
 * @param checkpoints by position
 * @param troubles failed attempts, takeovers and refused writes, oldest first
 * @param history when stages were checkpointed, and what operators did
 */
record JobRow(
        JobState state,
        NewRow origin,
        Optional<String> childKey,
        Instant enqueuedAt,
        Optional<Instant> startedAt,
        Optional<Json> progress,
        Map<Integer, Recorded> checkpoints,
        List<Trouble> troubles,
        History history) {

    /** Something that went wrong, under the position of its stage. */
    record Trouble(Failure.Kind kind, int stage, int attempt, Fence fence, Instant at, ErrorInfo error) {
        Failure named(List<String> stages) {
            return new Failure(
                    kind,
                    stage < stages.size() ? stages.get(stage) : String.valueOf(stage + 1),
                    attempt,
                    fence.token(),
                    fence.holder(),
                    at,
                    error.type(),
                    error.message(),
                    error.stackTrace());
        }
    }

    /** What is told of the past, and decides nothing. */
    record History(Map<Integer, Instant> checkpointed, List<Past.Operation> operations) {
        static final History NONE = new History(Map.of(), List.of());
    }

    static JobRow of(NewRow row, Instant now) {
        Instant due = row.dueAt(now).truncatedTo(ChronoUnit.MICROS);
        JobState state = new JobState(
                row.id(),
                row.pipeline(),
                row.version(),
                row.stages(),
                0,
                0,
                0,
                row.priority(),
                Optional.empty(),
                0,
                now,
                new Phase.Pending(due));
        return new JobRow(
                state,
                row,
                Optional.empty(),
                now,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                History.NONE);
    }

    /** A child of what fanned out under the fence, at its family's place. */
    static JobRow child(NewChild child, Json payload, JobRow parent, Fence by, Instant now) {
        JobState above = parent.state();
        Optional<Instant> place = above.family().place();
        NewRow origin = new NewRow(
                new JobId(above.id().queue(), child.id()),
                child.pipeline(),
                child.version(),
                child.stages(),
                Optional.empty(),
                payload,
                parent.origin().triggeredBy(),
                above.priority(),
                Optional.empty(),
                Duration.ZERO);
        JobState state = new JobState(
                origin.id(),
                child.pipeline(),
                child.version(),
                child.stages(),
                0,
                0,
                0,
                above.priority(),
                Optional.empty(),
                0,
                now,
                new Phase.Pending(place.orElseThrow()),
                new Family(Optional.of(new Family.Parent(above.id().uuid(), by.token())), place, Optional.empty()));
        return new JobRow(
                state,
                origin,
                Optional.of(child.key()),
                now,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                History.NONE);
    }

    JobId id() {
        return state.id();
    }

    JobRow state(JobState next) {
        return new JobRow(next, origin, childKey, enqueuedAt, startedAt, progress, checkpoints, troubles, history);
    }

    JobRow origin(NewRow other) {
        return new JobRow(state, other, childKey, enqueuedAt, startedAt, progress, checkpoints, troubles, history);
    }

    JobRow startedBy(Instant now) {
        return new JobRow(
                state,
                origin,
                childKey,
                enqueuedAt,
                Optional.of(startedAt.orElse(now)),
                progress,
                checkpoints,
                troubles,
                history);
    }

    JobRow progress(Optional<Json> saved) {
        return new JobRow(state, origin, childKey, enqueuedAt, startedAt, saved, checkpoints, troubles, history);
    }

    JobRow and(Recorded checkpoint) {
        Map<Integer, Recorded> all = new HashMap<>(checkpoints);
        all.put(checkpoint.stage(), checkpoint);
        return checkpoints(all);
    }

    JobRow checkpoints(Map<Integer, Recorded> others) {
        return new JobRow(
                state, origin, childKey, enqueuedAt, startedAt, progress, Map.copyOf(others), troubles, history);
    }

    JobRow checkpointedAt(int stage, Instant at) {
        Map<Integer, Instant> all = new HashMap<>(history.checkpointed());
        all.put(stage, at);
        return with(new History(Map.copyOf(all), history.operations()));
    }

    JobRow and(Past.Operation operation) {
        List<Past.Operation> all = new ArrayList<>(history.operations());
        all.add(operation);
        return with(new History(history.checkpointed(), List.copyOf(all)));
    }

    private JobRow with(History other) {
        return new JobRow(state, origin, childKey, enqueuedAt, startedAt, progress, checkpoints, troubles, other);
    }

    JobRow and(Trouble trouble) {
        List<Trouble> all = new ArrayList<>(troubles);
        all.add(trouble);
        return new JobRow(
                state, origin, childKey, enqueuedAt, startedAt, progress, checkpoints, List.copyOf(all), history);
    }

    boolean hasKeyOf(NewRow other) {
        return origin.key().isPresent()
                && origin.key().equals(other.key())
                && origin.pipeline().equals(other.pipeline())
                && origin.id().queue().equals(other.id().queue());
    }

    boolean isSameAs(NewRow other) {
        return origin.id().equals(other.id()) || hasKeyOf(other);
    }

    /** When it is due, or its lease expires. */
    Optional<Instant> nextEvent() {
        return state.phase() instanceof Phase.Running running
                ? Optional.of(running.expiresAt())
                : state.phase().dueAt();
    }

    JobSnapshot snapshot(List<String> stages, Instant asOf) {
        Optional<Phase.Running> running =
                state.phase() instanceof Phase.Running phase ? Optional.of(phase) : Optional.empty();
        Optional<Instant> ended = state.phase() instanceof Phase.Ended end ? Optional.of(end.at()) : Optional.empty();
        return new JobSnapshot(
                state.id(),
                state.pipeline(),
                state.version(),
                stages,
                state.status(),
                state.stage(),
                state.attempt(),
                state.takeovers(),
                state.token(),
                running.map(Phase.Running::holder),
                running.map(Phase.Running::expiresAt),
                progress,
                origin.key(),
                origin.payload(),
                origin.triggeredBy(),
                state.priority(),
                enqueuedAt,
                state.phase().dueAt(),
                startedAt,
                state.since(),
                ended,
                state.family().parent().map(parent -> new JobId(state.id().queue(), parent.id())),
                childKey,
                state.family().fan().map(Family.Fan::counts),
                asOf);
    }
}
