package dev.pawl.store;

import dev.pawl.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What a claimer asks for.
 *
 * @param queue where
 * @param runs what it can run, at least one
 * @param holder unique per claim
 * @param length of the leases
 * @param max how many jobs at most, 1 to 10,000
 * @param bounds where to look from, by priority; empty: everywhere (a full look). Only a hint: rows below are stepped over,
 *     priorities that are absent are not looked at, and correctness never depends on it
 * @param suspects whether one that {@linkplain JobState#comesAlone() comes alone} may be the answer (rule J13): it is, if it
 *     is the first of the {@code max} that are found, and is left out otherwise, so that there may be fewer than asked for
 */
public record ClaimRequest(
        String queue,
        List<Runs> runs,
        String holder,
        Duration length,
        int max,
        Map<Integer, Place> bounds,
        boolean suspects) {
    /** Checks the values. */
    public ClaimRequest {
        Objects.requireNonNull(runs, "runs");
        Objects.requireNonNull(bounds, "bounds");
        Checks.name("queue", queue);
        runs = List.copyOf(runs);
        bounds = Map.copyOf(bounds);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a claim must name at least one pipeline that its worker can run");
        }
        Checks.printable("holder", holder);
        Checks.positive("lease length", length);
        Checks.between("jobs to claim", max, 1, 10_000);
    }

    /**
     * A full look, whose answer may be a suspect.
     *
     * @param queue where
     * @param runs what the claimer can run, at least one
     * @param holder unique per claim
     * @param length of the leases
     * @param max how many jobs at most, 1 to 10,000
     * @return the request
     */
    public static ClaimRequest everywhere(String queue, List<Runs> runs, String holder, Duration length, int max) {
        return new ClaimRequest(queue, runs, holder, length, max, Map.of(), true);
    }

    /**
     * The same with bounds.
     *
     * @param places where to look from, by priority
     * @return a copy
     */
    public ClaimRequest from(Map<Integer, Place> places) {
        return new ClaimRequest(queue, runs, holder, length, max, places, suspects);
    }

    /**
     * The same for a claimer that has a suspect in its hands already.
     *
     * @return a copy
     */
    public ClaimRequest withoutSuspects() {
        return new ClaimRequest(queue, runs, holder, length, max, bounds, false);
    }

    /**
     * A place in the order of claims within a priority.
     *
     * @param dueAt first by this
     * @param id then by this, in the order of unsigned bytes
     */
    public record Place(Instant dueAt, UUID id) {
        /** Checks that nothing is missing. */
        public Place {
            Objects.requireNonNull(dueAt, "dueAt");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * A pipeline version that the claimer can run, maybe as another (a newer one that continues its jobs).
     *
     * @param pipeline its name
     * @param version the version that the job has
     * @param common how many of the first stages are the same in both versions; jobs with more checkpoints stay
     * @param asVersion the version that the job is to have
     * @param stages how many stages that has
     */
    public record Runs(String pipeline, int version, int common, int asVersion, int stages) {
        /** Checks that a job can go on in the version. */
        public Runs {
            Checks.name("pipeline", pipeline);
            if (common < 0 || common > stages || stages < 1) {
                throw new IllegalArgumentException("common stages must be 0 to " + stages + ", but were " + common);
            }
        }

        /**
         * A pipeline version as itself.
         *
         * @param pipeline its name
         * @param version its version
         * @param stages how many stages it has
         * @return what a claim needs to know
         */
        public static Runs asIs(String pipeline, int version, int stages) {
            return new Runs(pipeline, version, stages, version, stages);
        }

        /**
         * Whether this is for the job, by its version and the stages that it has checkpointed. A job whose every stage
         * would be done stays, too: nobody could complete it. So does one with children of a stage that has changed.
         *
         * @param job a job
         * @return true if it may be claimed so
         */
        public boolean canRun(JobState job) {
            return job.pipeline().equals(pipeline)
                    && job.version() == version
                    && job.stage() <= common
                    && job.stage() < stages
                    && !(startsOver(job.stage()) && job.family().fan().isPresent());
        }

        /**
         * Whether the stage at which the job is has changed, so that its attempts and progress are another stage's.
         *
         * @param stage the job's position
         * @return true if both are to be forgotten
         */
        public boolean startsOver(int stage) {
            return version != asVersion && stage == common;
        }
    }
}
