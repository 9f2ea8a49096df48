package dev.pawl.store;

import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which invariants a job breaks, the same for every store. Pure functions. */
public final class Diagnosis {
    private final AuditedJob job;
    private final List<Violation> found = new ArrayList<>();

    private Diagnosis(AuditedJob job) {
        this.job = job;
    }

    /**
     * Looks at a job. Where its row contradicts itself, what else is wrong with it is a consequence, and is not told.
     *
     * @param job as it was read
     * @param lastIssued the last token that the sequence has issued; 0 if none
     * @param limits what is too long
     * @param now the store's time
     * @return what is wrong; empty if nothing is
     */
    public static List<Violation> of(AuditedJob job, long lastIssued, AuditLimits limits, Instant now) {
        Diagnosis diagnosis = new Diagnosis(job);
        diagnosis.token(lastIssued);
        diagnosis
                .contradiction()
                .ifPresentOrElse(
                        what -> diagnosis.add(Invariant.STATUS_CONTRADICTS, what),
                        () -> diagnosis.consistent(limits, now));
        return List.copyOf(diagnosis.found);
    }

    /** Whether a job breaks it now, whatever its age. */
    static boolean isBroken(Invariant invariant, AuditedJob job) {
        return of(job, Long.MAX_VALUE, AuditLimits.STANDARD.orphaned(Duration.ZERO), Instant.MAX).stream()
                .anyMatch(found -> found.invariant() == invariant);
    }

    private void token(long lastIssued) {
        if (job.highestToken() > lastIssued) {
            add(
                    Invariant.TOKEN_NOT_ISSUED,
                    "token #" + job.highestToken() + ", and the last one issued is #" + lastIssued);
        }
    }

    /** What rule J5 forbids of a row by itself. */
    private Optional<String> contradiction() {
        if (!job.nonsense().isEmpty()) {
            return Optional.of(String.join(", ", job.nonsense()));
        }
        JobStatus status = job.status();
        boolean held = job.token().isPresent()
                && job.holder().isPresent()
                && job.leaseExpiresAt().isPresent();
        boolean leased = job.holder().isPresent() || job.leaseExpiresAt().isPresent();
        if (job.stage() < 0 || job.stages() < 1 || job.stage() > job.stages()) {
            return Optional.of("position " + job.stage() + " of " + job.stages());
        }
        if ((status == JobStatus.COMPLETED) != (job.stage() == job.stages())) {
            return Optional.of(status + " with " + job.stage() + " of " + job.stages() + " stages done");
        }
        if (status == JobStatus.PENDING && (job.stage() > 0 || job.token().isPresent())) {
            return Optional.of("PENDING, which means never started, with " + job.stage() + " stages done"
                    + (job.token().isPresent() ? " and a token" : ""));
        }
        if (status == JobStatus.RUNNING && !held) {
            return Optional.of("RUNNING without a lease");
        }
        if (status != JobStatus.RUNNING && leased) {
            return Optional.of(status + " with a lease");
        }
        if (status.isEnded() != job.endedAt().isPresent()) {
            return Optional.of(status + (status.isEnded() ? " without" : " with") + " an end time");
        }
        if (status.isEnded() && job.dueAt().isPresent()) {
            return Optional.of(status + " with a due time");
        }
        if (!status.isEnded() && status != JobStatus.WAITING && job.dueAt().isEmpty()) {
            return Optional.of(status + " without a due time");
        }
        return Optional.empty();
    }

    private void consistent(AuditLimits limits, Instant now) {
        position();
        children();
        parent(limits, now);
    }

    private void position() {
        if (!job.isAtItsCheckpoints()) {
            add(
                    job.status() == JobStatus.COMPLETED
                            ? Invariant.COMPLETED_WITHOUT_CHECKPOINTS
                            : Invariant.POSITION_DISAGREES,
                    "position " + job.stage() + " of " + job.stages() + ", and checkpoints at " + job.checkpoints());
        }
    }

    private void children() {
        boolean waits = job.status() == JobStatus.WAITING && job.dueAt().isEmpty();
        Optional<AuditedJob.Fan> fan = job.fan();
        if (fan.isPresent() && !fan.get().kept().equals(fan.get().counted())) {
            add(
                    Invariant.CHILDREN_MISCOUNTED,
                    "its row says: " + fan.get().kept() + "; the children's rows say: "
                            + fan.get().counted());
        } else if (waits
                && fan.map(children -> children.isDecided(children.kept())).orElse(true)) {
            add(
                    Invariant.WAITS_FOR_NONE,
                    fan.map(children -> "it waits, and there are " + children.kept())
                            .orElse("it waits for children, and has none"));
        }
    }

    private void parent(AuditLimits limits, Instant now) {
        if (job.parent().isEmpty() || job.status().isEnded()) {
            return;
        }
        AuditedJob.Parent parent = job.parent().get();
        if (parent.status().isEmpty()) {
            add(Invariant.CHILD_WITHOUT_PARENT, job.status() + ", and there is no job " + parent.id());
        } else if (parent.status().get().isEnded() && isLeftAlone(parent, limits, now)) {
            add(
                    Invariant.CHILD_OUTLIVES_PARENT,
                    job.status() + ", and its parent " + parent.id() + " is "
                            + parent.status().get());
        }
    }

    /** Nobody looks for it, or nobody has come for long. */
    private static boolean isLeftAlone(AuditedJob.Parent parent, AuditLimits limits, Instant now) {
        return !parent.hasOrphans()
                || parent.endedAt()
                        .filter(at -> at.plus(limits.orphaned()).isBefore(now))
                        .isPresent();
    }

    private void add(Invariant invariant, String what) {
        found.add(Violation.of(invariant, job.id(), what));
    }
}
