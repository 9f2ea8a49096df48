package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.audit.Invariant.Severity;
import dev.pawl.scan.FailedPage;
import dev.pawl.view.JobSummary;
import dev.pawl.view.QueueOverview;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Why something does not move, in one sentence. Pure: it goes by what was read, as of when it was read.
 *
 * @param severity how bad that is
 * @param sentence for people
 */
record Standing(Severity severity, String sentence) {
    /** For how long a job may be due before anybody is told. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int LONGEST = 500;

    /** Of a job; empty if it does what it should. */
    static Optional<Standing> of(
            JobSummary job, Optional<QueueOverview> queue, Optional<String> lastFailure, Instant now) {
        String because = lastFailure
                .map(message -> ": " + JobAnswers.cut(message.strip(), LONGEST))
                .orElse("");
        return switch (job.status()) {
            case COMPLETED -> Optional.empty();
            case FAILED -> Optional.of(new Standing(Severity.ERROR, "It failed" + at(job) + because));
            case CANCELLED -> Optional.of(new Standing(Severity.NOTICE, "It was cancelled" + at(job) + "."));
            case RUNNING -> ofRunning(job, queue, now);
            case PENDING, WAITING -> ofWaiting(job, queue, because, now);
        };
    }

    private static Optional<Standing> ofRunning(JobSummary job, Optional<QueueOverview> queue, Instant now) {
        Optional<Instant> expired = job.lease().map(JobSummary.Held::expiresAt).filter(now::isAfter);
        if (expired.isPresent()) {
            return Optional.of(new Standing(
                    Severity.WARNING,
                    "Its lease expired at " + shown(expired.get()) + ", and nobody has taken it over: "
                            + unclaimed(queue)));
        }
        return job.takeovers() == 0
                ? Optional.empty()
                : Optional.of(new Standing(
                        Severity.NOTICE,
                        "It was taken over " + times(job.takeovers())
                                + " at this stage: whoever had it died, or was too slow."));
    }

    private static Optional<Standing> ofWaiting(
            JobSummary job, Optional<QueueOverview> queue, String because, Instant now) {
        if (job.dueAt().isEmpty()) {
            return job.children()
                    .map(children -> new Standing(
                            Severity.NOTICE,
                            "It waits for " + children.open() + " of its " + children.total() + " children" + at(job)
                                    + "."));
        }
        Instant due = job.dueAt().get();
        if (due.isAfter(now)) {
            return Optional.of(new Standing(
                    Severity.NOTICE,
                    job.startedAt().isEmpty()
                            ? "It is not due until " + shown(due) + "."
                            : "It waits until " + shown(due) + " to go on" + at(job) + because));
        }
        boolean paused = queue.filter(QueueOverview::isPaused).isPresent();
        return paused || due.plus(PATIENCE).isBefore(now)
                ? Optional.of(new Standing(
                        Severity.WARNING,
                        "It has been due since " + shown(due) + ", and nobody has claimed it: " + unclaimed(queue)))
                : Optional.empty();
    }

    /** Of a queue; empty if it does what it should. */
    static Optional<Standing> of(QueueOverview queue, Duration behind) {
        Optional<String> late = queue.oldestDue()
                .filter(due -> due.plus(behind).isBefore(queue.asOf()))
                .map(due -> "Its oldest due job has waited since " + shown(due) + ": ");
        if (late.isPresent()) {
            return Optional.of(new Standing(Severity.WARNING, late.get() + unclaimed(Optional.of(queue))));
        }
        return queue.isPaused() ? Optional.of(new Standing(Severity.NOTICE, capital(paused(queue)))) : Optional.empty();
    }

    /** Of a scan that stands at a page. */
    static Standing of(FailedPage page) {
        return new Standing(
                page.failing() ? Severity.ERROR : Severity.WARNING,
                "It stands at a page"
                        + page.bounds()
                                .map(bounds -> " of " + bounds.rows() + " rows")
                                .orElse(" that can't be read")
                        + ", which failed "
                        + (page.attempts() == 1 ? "at " : times(page.attempts()) + " since ") + shown(page.since())
                        + ": "
                        + JobAnswers.cut(page.error(), LONGEST));
    }

    private static String unclaimed(Optional<QueueOverview> queue) {
        return queue.filter(QueueOverview::isPaused)
                .map(Standing::paused)
                .orElse(
                        "no worker that runs this version of the pipeline claims from the queue, or the workers are too few.");
    }

    private static String paused(QueueOverview queue) {
        return "the queue has been paused"
                + queue.pausedAt().map(at -> " since " + shown(at)).orElse("")
                + queue.pausedBy().map(by -> " by " + by).orElse("") + ".";
    }

    private static String at(JobSummary job) {
        return job.stage().map(stage -> " at stage " + stage).orElse("");
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    private static String shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    ObjectNode json() {
        return new Fields().put("severity", severity).put("sentence", sentence).node();
    }
}
