package dev.pawl.store;

import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job's row, less its JSON: what the rules are about. The contradictions of rule J5 can't be written down here: only a
 * running job has a holder and an expiry, only an ended one an end.
 *
 * @param id the job
 * @param pipeline its pipeline's name
 * @param version its pipeline's version
 * @param stages how many stages that has
 * @param stage the current position, which is also the number of checkpoints; equal to {@code stages} if completed
 * @param attempt tries at the current stage, the present one included; 0 if it is to be tried first
 * @param takeovers how often the job was taken over in the current stage
 * @param priority higher goes first
 * @param token the last one issued; never cleared
 * @param progressNo the number of the saved progress; 0 if there is none
 * @param since when the job came into its present status under its present holder
 * @param phase its condition
 * @param family its parent and children
 */
public record JobState(
        JobId id,
        String pipeline,
        int version,
        int stages,
        int stage,
        int attempt,
        int takeovers,
        int priority,
        Optional<FencingToken> token,
        long progressNo,
        Instant since,
        Phase phase,
        Family family) {

    /** Checks what the types leave open (rule J5). */
    public JobState {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(family, "family");
        if (stage < 0 || stages < 1 || stage > stages) {
            throw new IllegalArgumentException("stage position must be 0 to " + stages + ", but was " + stage);
        }
        if (attempt < 0 || takeovers < 0 || progressNo < 0) {
            throw new IllegalArgumentException("counters must not be negative, but were: attempt " + attempt
                    + ", takeovers " + takeovers + ", progress " + progressNo);
        }
        if (phase instanceof Phase.Pending && (stage > 0 || token.isPresent())) {
            throw new IllegalArgumentException(
                    "a pending job was never claimed, but was at stage " + stage + " under " + token);
        }
        if (phase instanceof Phase.Running && token.isEmpty()) {
            throw new IllegalArgumentException("a running job has a token, but had none");
        }
        if ((phase.status() == JobStatus.COMPLETED) != (stage == stages)) {
            throw new IllegalArgumentException("a job is completed when all stages are checkpointed, but was "
                    + phase.status() + " at " + stage + " of " + stages);
        }
        if (phase instanceof Phase.WaitingForChildren && family.openChildren() == 0) {
            throw new IllegalArgumentException("a job waits for open children, but there are none");
        }
    }

    /**
     * A job without relatives; see the other constructor.
     *
     * @param id the job
     * @param pipeline its pipeline's name
     * @param version its pipeline's version
     * @param stages how many stages that has
     * @param stage the current position
     * @param attempt tries at the current stage
     * @param takeovers how often the job was taken over in the current stage
     * @param priority higher goes first
     * @param token the last one issued
     * @param progressNo the number of the saved progress
     * @param since when the job came into its present status under its present holder
     * @param phase its condition
     */
    public JobState(
            JobId id,
            String pipeline,
            int version,
            int stages,
            int stage,
            int attempt,
            int takeovers,
            int priority,
            Optional<FencingToken> token,
            long progressNo,
            Instant since,
            Phase phase) {
        this(
                id,
                pipeline,
                version,
                stages,
                stage,
                attempt,
                takeovers,
                priority,
                token,
                progressNo,
                since,
                phase,
                Family.NONE);
    }

    /** The one of five conditions that a job is in, with what it needs and nothing else. */
    public sealed interface Phase {
        /**
         * The condition's name.
         *
         * @return the status
         */
        JobStatus status();

        /**
         * The job's place in the order of claims: when it became, or becomes, due.
         *
         * @return empty if the job has ended, or waits for its children
         */
        Optional<Instant> dueAt();

        /**
         * Never started.
         *
         * @param due the start time
         */
        record Pending(Instant due) implements Phase {
            /** Checks that nothing is missing. */
            public Pending {
                Objects.requireNonNull(due, "due");
            }

            @Override
            public JobStatus status() {
                return JobStatus.PENDING;
            }

            @Override
            public Optional<Instant> dueAt() {
                return Optional.of(due);
            }
        }

        /**
         * Leased.
         *
         * @param holder unique per claim
         * @param expiresAt when another may claim
         * @param due the place at which it was claimed, kept for a release and a takeover
         */
        record Running(String holder, Instant expiresAt, Instant due) implements Phase {
            /** Checks that nothing is missing. */
            public Running {
                Objects.requireNonNull(holder, "holder");
                Objects.requireNonNull(expiresAt, "expiresAt");
                Objects.requireNonNull(due, "due");
            }

            @Override
            public JobStatus status() {
                return JobStatus.RUNNING;
            }

            @Override
            public Optional<Instant> dueAt() {
                return Optional.of(due);
            }
        }

        /**
         * Started and not leased.
         *
         * @param due when it may be claimed
         */
        record Waiting(Instant due) implements Phase {
            /** Checks that nothing is missing. */
            public Waiting {
                Objects.requireNonNull(due, "due");
            }

            @Override
            public JobStatus status() {
                return JobStatus.WAITING;
            }

            @Override
            public Optional<Instant> dueAt() {
                return Optional.of(due);
            }
        }

        /** Started, not leased, and not to be claimed before the last of its open children has ended, or one too many failed. */
        record WaitingForChildren() implements Phase {
            @Override
            public JobStatus status() {
                return JobStatus.WAITING;
            }

            @Override
            public Optional<Instant> dueAt() {
                return Optional.empty();
            }
        }

        /**
         * Over.
         *
         * @param as completed, failed or cancelled
         * @param at when
         */
        record Ended(JobStatus as, Instant at) implements Phase {
            /** Checks the status. */
            public Ended {
                Objects.requireNonNull(as, "as");
                Objects.requireNonNull(at, "at");
                if (!as.isEnded()) {
                    throw new IllegalArgumentException(
                            "a job ends as COMPLETED, FAILED or CANCELLED, but not as " + as);
                }
            }

            @Override
            public JobStatus status() {
                return as;
            }

            @Override
            public Optional<Instant> dueAt() {
                return Optional.empty();
            }
        }
    }

    /**
     * The job's condition by name.
     *
     * @return the status
     */
    public JobStatus status() {
        return phase.status();
    }

    /**
     * Who may write now.
     *
     * @return empty unless the job is running
     */
    public Optional<Fence> fence() {
        return phase instanceof Phase.Running running
                ? Optional.of(new Fence(token.orElseThrow(), running.holder()))
                : Optional.empty();
    }

    /**
     * Whether a claim may take the job: it is due, and unleased or its lease has expired (rule L6).
     *
     * @param now the store's time
     * @return true if it may be claimed
     */
    public boolean isClaimable(Instant now) {
        boolean due = phase.dueAt().filter(at -> !at.isAfter(now)).isPresent();
        return due
                && !(phase instanceof Phase.Running running
                        && running.expiresAt().isAfter(now));
    }

    /**
     * Whether the job was taken over in its stage: it may be the one that kills its workers. So it is run with care (rule
     * J13), until a checkpoint, or progress that rises, shows that it gets on.
     *
     * @return true if no other suspect is to be run beside it
     */
    public boolean isSuspect() {
        return takeovers > 0;
    }

    /**
     * Whether a claim takes the job alone: it is a suspect, or the claim makes it one.
     *
     * @return true if no other is to be claimed with it
     */
    public boolean comesAlone() {
        return isSuspect() || phase instanceof Phase.Running;
    }

    /**
     * The place of the job's family in the order of claims, which it comes back to when it is woken.
     *
     * @return its root's first one; its own if it has never left that
     */
    Instant place() {
        return family.place().or(phase::dueAt).orElse(since);
    }

    /**
     * This job among other relatives, or with other counts of them.
     *
     * @param other what its row is to say of them
     * @return the same otherwise
     */
    public JobState with(Family other) {
        return copy().family(other).make();
    }

    JobState to(Phase next, Instant at) {
        return copy().phase(next).since(at).make();
    }

    JobState leasedUntil(Instant expiresAt) {
        Phase.Running running = (Phase.Running) phase;
        Instant later = running.expiresAt().isAfter(expiresAt) ? running.expiresAt() : expiresAt;
        return to(new Phase.Running(running.holder(), later, running.due()), since);
    }

    JobState held(FencingToken by, Phase.Running lease, Instant at) {
        return copy().token(by).phase(lease).since(at).make();
    }

    JobState trying(int nextAttempt, int nextTakeovers) {
        return copy().tries(nextAttempt, nextTakeovers).make();
    }

    JobState progress(long number) {
        return copy().tries(1, 0).progressNo(number).make();
    }

    JobState adoptedBy(int newVersion, int newStages) {
        return copy().version(newVersion, newStages).make();
    }

    JobState startingOver() {
        return copy().tries(0, 0).progressNo(0).make();
    }

    JobState pastStage() {
        return copy().stage(stage + 1)
                .tries(1, 0)
                .progressNo(0)
                .family(family.with(Optional.empty()))
                .make();
    }

    JobState completed(Instant at) {
        return copy().stage(stages)
                .progressNo(0)
                .family(family.with(Optional.empty()))
                .phase(new Phase.Ended(JobStatus.COMPLETED, at))
                .since(at)
                .make();
    }

    JobState keepingPlace() {
        return copy().family(family.at(place())).make();
    }

    /** The first attempt at what follows the fan-out is still to come. */
    JobState fannedOut(Family.Fan into, Phase next, Instant at) {
        return copy().tries(0, 0)
                .progressNo(0)
                .family(family.at(place()).with(Optional.of(into)))
                .phase(next)
                .since(at)
                .make();
    }

    JobState counting(Children.Counts children, Phase next) {
        Family.Fan fan = family.fan().orElseThrow();
        return copy().family(family.with(Optional.of(fan.counting(children))))
                .phase(next)
                .make();
    }

    private Copy copy() {
        return new Copy();
    }

    /** This state, with some of it changed. */
    private final class Copy {
        private int nextVersion = version;
        private int nextStages = stages;
        private int nextStage = stage;
        private int nextAttempt = attempt;
        private int nextTakeovers = takeovers;
        private Optional<FencingToken> nextToken = token;
        private long nextProgressNo = progressNo;
        private Instant nextSince = since;
        private Phase nextPhase = phase;
        private Family nextFamily = family;

        Copy version(int number, int itsStages) {
            nextVersion = number;
            nextStages = itsStages;
            return this;
        }

        Copy stage(int position) {
            nextStage = position;
            return this;
        }

        Copy tries(int attempts, int takenOver) {
            nextAttempt = attempts;
            nextTakeovers = takenOver;
            return this;
        }

        Copy token(FencingToken issued) {
            nextToken = Optional.of(issued);
            return this;
        }

        Copy progressNo(long number) {
            nextProgressNo = number;
            return this;
        }

        Copy since(Instant at) {
            nextSince = at;
            return this;
        }

        Copy phase(Phase next) {
            nextPhase = next;
            return this;
        }

        Copy family(Family next) {
            nextFamily = next;
            return this;
        }

        JobState make() {
            return new JobState(
                    id,
                    pipeline,
                    nextVersion,
                    nextStages,
                    nextStage,
                    nextAttempt,
                    nextTakeovers,
                    priority,
                    nextToken,
                    nextProgressNo,
                    nextSince,
                    nextPhase,
                    nextFamily);
        }
    }
}
