package dev.pawl.view;

import dev.pawl.Actor;
import dev.pawl.internal.Checks;
import dev.pawl.job.JobStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list: all, unless narrowed. Immutable; each method returns a narrower copy.
 *
 * @param queue of this queue only
 * @param pipeline of this pipeline only
 * @param statuses in one of these only; any if empty
 * @param trigger wanted by the system, or by users, only
 * @param userId wanted by this user only
 * @param roots whether children are left out
 * @param enqueued within this time only
 * @param ended within this time only, and in the order of their ends
 */
public record JobFilter(
        Optional<String> queue,
        Optional<String> pipeline,
        Set<JobStatus> statuses,
        Optional<Actor.Kind> trigger,
        Optional<String> userId,
        boolean roots,
        Optional<Between> enqueued,
        Optional<Between> ended) {
    private static final JobFilter ALL = new JobFilter(
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty());

    /** Checks names, and that a user's id is asked for among users only. */
    public JobFilter {
        Objects.requireNonNull(queue, "queue").ifPresent(name -> Checks.name("queue", name));
        Objects.requireNonNull(pipeline, "pipeline").ifPresent(name -> Checks.name("pipeline", name));
        Objects.requireNonNull(statuses, "statuses");
        statuses = statuses.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(statuses));
        Objects.requireNonNull(trigger, "trigger");
        Objects.requireNonNull(userId, "userId").ifPresent(id -> Checks.printable("user id", id));
        Objects.requireNonNull(enqueued, "enqueued");
        Objects.requireNonNull(ended, "ended");
        if (userId.isPresent() && !trigger.equals(Optional.of(Actor.Kind.USER))) {
            throw new IllegalArgumentException("jobs of user '" + userId.get() + "' are triggered by users, and not by "
                    + trigger.map(Actor.Kind::name).orElse("anybody"));
        }
    }

    /**
     * A span of time.
     *
     * @param from its beginning, which is within it
     * @param to its end, which is not
     */
    public record Between(Instant from, Instant to) {
        /** Checks that it does not end before it begins. */
        public Between {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            if (to.isBefore(from)) {
                throw new IllegalArgumentException(
                        "a span of time must not end before it begins, but was " + from + " to " + to);
            }
        }

        /**
         * Whether a time is within it.
         *
         * @param time which
         * @return true from its beginning on, until before its end
         */
        public boolean contains(Instant time) {
            return !time.isBefore(from) && time.isBefore(to);
        }
    }

    /**
     * All jobs.
     *
     * @return to be narrowed
     */
    public static JobFilter all() {
        return ALL;
    }

    /**
     * Only of a queue.
     *
     * @param name the queue's
     * @return the narrower filter
     */
    public JobFilter queue(String name) {
        return new JobFilter(Optional.of(name), pipeline, statuses, trigger, userId, roots, enqueued, ended);
    }

    /**
     * Only of a pipeline, in any version.
     *
     * @param name the pipeline's
     * @return the narrower filter
     */
    public JobFilter pipeline(String name) {
        return new JobFilter(queue, Optional.of(name), statuses, trigger, userId, roots, enqueued, ended);
    }

    /**
     * Only with one of these statuses.
     *
     * @param anyOf at least one
     * @return the narrower filter
     */
    public JobFilter status(JobStatus... anyOf) {
        if (anyOf.length == 0) {
            throw new IllegalArgumentException("a filter by status must name at least one");
        }
        Set<JobStatus> wanted = EnumSet.copyOf(Arrays.asList(anyOf));
        return new JobFilter(queue, pipeline, wanted, trigger, userId, roots, enqueued, ended);
    }

    /**
     * Only what this user, or the system, triggered.
     *
     * @param actor who
     * @return the narrower filter
     */
    public JobFilter triggeredBy(Actor actor) {
        return new JobFilter(
                queue, pipeline, statuses, Optional.of(actor.kind()), actor.userId(), roots, enqueued, ended);
    }

    /**
     * Only what users triggered, whichever.
     *
     * @return the narrower filter
     */
    public JobFilter triggeredByAnyUser() {
        return new JobFilter(
                queue, pipeline, statuses, Optional.of(Actor.Kind.USER), Optional.empty(), roots, enqueued, ended);
    }

    /**
     * Without children.
     *
     * @return the narrower filter
     */
    public JobFilter rootsOnly() {
        return new JobFilter(queue, pipeline, statuses, trigger, userId, true, enqueued, ended);
    }

    /**
     * Only what was enqueued within a time.
     *
     * @param from its beginning, which is within it
     * @param to its end, which is not
     * @return the narrower filter
     */
    public JobFilter enqueuedBetween(Instant from, Instant to) {
        Optional<Between> span = Optional.of(new Between(from, to));
        return new JobFilter(queue, pipeline, statuses, trigger, userId, roots, span, ended);
    }

    /**
     * Only what ended within a time, the last end first.
     *
     * @param from its beginning, which is within it
     * @param to its end, which is not
     * @return the narrower filter
     */
    public JobFilter endedBetween(Instant from, Instant to) {
        Optional<Between> span = Optional.of(new Between(from, to));
        return new JobFilter(queue, pipeline, statuses, trigger, userId, roots, enqueued, span);
    }

    /**
     * Whether a job is one of them.
     *
     * @param job which
     * @return true if it is to be listed
     */
    public boolean matches(JobSummary job) {
        return queue.map(job.id().queue()::equals).orElse(true)
                && pipeline.map(job.pipeline()::equals).orElse(true)
                && (statuses.isEmpty() || statuses.contains(job.status()))
                && trigger.map(job.triggeredBy().kind()::equals).orElse(true)
                && userId.map(id -> job.triggeredBy().userId().equals(Optional.of(id)))
                        .orElse(true)
                && (!roots || job.parent().isEmpty())
                && enqueued.map(span -> span.contains(job.enqueuedAt())).orElse(true)
                && ended.map(span -> job.endedAt().filter(span::contains).isPresent())
                        .orElse(true);
    }
}
