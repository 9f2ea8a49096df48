package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.audit.Repair;
import dev.pawl.job.Failure;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobEvent.Kind;
import dev.pawl.view.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is recorded of a job's past, of which {@link #timeline} tells.
 *
 * @param viewed the job as it is, with its checkpoints and fan-outs
 * @param completedBy who recorded the last stage; empty if nobody has
 * @param failures what went wrong, oldest first
 * @param complete whether those, and the repairs, are all
 * @param operations what operators did
 * @param repairs what was repaired, oldest first
 */
public record Past(
        Viewed viewed,
        Optional<String> completedBy,
        List<Failure> failures,
        boolean complete,
        List<Operation> operations,
        List<Repair> repairs) {
    /** Keeps the lists. */
    public Past {
        Objects.requireNonNull(viewed, "viewed");
        Objects.requireNonNull(completedBy, "completedBy");
        failures = List.copyOf(Objects.requireNonNull(failures, "failures"));
        operations = List.copyOf(Objects.requireNonNull(operations, "operations"));
        repairs = List.copyOf(Objects.requireNonNull(repairs, "repairs"));
    }

    /**
     * What an operator did.
     *
     * @param retried whether the job was retried; else it was cancelled
     * @param by who
     * @param at when
     */
    public record Operation(boolean retried, Actor by, Instant at) {
        /** Checks that nothing is missing. */
        public Operation {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * In the order in which it happened.
     *
     * @return what there is to tell
     */
    public Timeline timeline() {
        List<JobEvent> events = new ArrayList<>();
        events.add(event(
                viewed.job().enqueuedAt(),
                Kind.ENQUEUED,
                Optional.of(viewed.job().triggeredBy()),
                ""));
        viewed.checkpoints().forEach(checkpoint -> events.add(checkpointed(checkpoint)));
        viewed.fans().forEach(fan -> events.add(fannedOut(fan)));
        failures.forEach(failure -> events.add(failed(failure)));
        operations.forEach(operation -> events.add(event(
                operation.at(), operation.retried() ? Kind.RETRIED : Kind.CANCELLED, Optional.of(operation.by()), "")));
        repairs.forEach(repair -> events.add(event(
                repair.at(),
                Kind.REPAIRED,
                Optional.of(repair.by()),
                repair.code() + ": " + repair.before() + " -> " + repair.after())));
        viewed.job().endedAt().ifPresent(at -> events.add(ended(at)));
        events.sort(Comparator.comparing(JobEvent::at).thenComparing(JobEvent::kind));
        return new Timeline(viewed.job().id(), events, complete, viewed.asOf());
    }

    private static JobEvent event(Instant at, Kind kind, Optional<Actor> by, String detail) {
        return new JobEvent(at, kind, Optional.empty(), Optional.empty(), Optional.empty(), by, detail);
    }

    private JobEvent checkpointed(Viewed.Checkpointed checkpoint) {
        return held(
                checkpoint.at(), Kind.CHECKPOINTED, checkpoint.stage(), checkpoint.token(), checkpoint.holder(), "");
    }

    private JobEvent fannedOut(Viewed.Fan fan) {
        int stage = fan.stage(viewed.checkpoints(), viewed.lastBegun());
        String children = (fan.exact() ? "" : "at least ") + fan.counts().total() + " children";
        return held(fan.at(), Kind.FANNED_OUT, stage, fan.token(), Optional.empty(), children);
    }

    private JobEvent held(
            Instant at, Kind kind, int stage, FencingToken token, Optional<String> holder, String detail) {
        Optional<String> name =
                stage < viewed.stages().size() ? Optional.of(viewed.stages().get(stage)) : Optional.empty();
        return new JobEvent(at, kind, name, Optional.of(token), holder, Optional.empty(), detail);
    }

    private static JobEvent failed(Failure failure) {
        Kind kind = switch (failure.kind()) {
            case FAILED -> Kind.FAILED_ATTEMPT;
            case TAKEN_OVER -> Kind.TAKEN_OVER;
            case REFUSED -> Kind.REFUSED;
        };
        return new JobEvent(
                failure.at(),
                kind,
                Optional.of(failure.stage()),
                Optional.of(failure.token()),
                Optional.of(failure.holder()),
                Optional.empty(),
                failure.errorType().map(type -> type + ": ").orElse("") + failure.message());
    }

    private JobEvent ended(Instant at) {
        return new JobEvent(
                at,
                Kind.ENDED,
                viewed.job().stage(),
                Optional.empty(),
                completedBy,
                Optional.empty(),
                viewed.job().status().name());
    }
}
