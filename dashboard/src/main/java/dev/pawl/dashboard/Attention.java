package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.audit.Invariant.Severity;
import dev.pawl.audit.Violation;
import dev.pawl.scan.ScanState;
import dev.pawl.view.JobSummary;
import dev.pawl.view.QueueOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that somebody should look at.
 *
 * @param severity how bad it is
 * @param code for machines
 * @param subject what it is about, for people
 * @param sentence what is wrong
 * @param advice what to do
 * @param job where it is one
 * @param queue where it is one
 * @param scan where it is one
 * @param since when it began, where that is known
 */
record Attention(
        Severity severity,
        String code,
        String subject,
        String sentence,
        String advice,
        Optional<String> job,
        Optional<String> queue,
        Optional<String> scan,
        Optional<Instant> since) {
    /** From when on a due job is told of. */
    static final Duration BEHIND = Duration.ofMinutes(10);

    private static final int MOST = 50;
    private static final int MANY_TAKEOVERS = 2;

    /** The worst first. */
    static List<Attention> among(
            List<QueueOverview> queues,
            List<ScanState> scans,
            List<JobSummary> active,
            List<Violation> found,
            Instant now) {
        List<Attention> present = Stream.of(
                        scans.stream().flatMap(scan -> of(scan).stream()),
                        active.stream().flatMap(job -> of(job, queues, now).stream()),
                        queues.stream().flatMap(queue -> of(queue).stream()))
                .flatMap(each -> each)
                .toList();
        Set<String> told = present.stream().map(Attention::what).collect(Collectors.toSet());
        return Stream.concat(
                        present.stream(), found.stream().map(Attention::of).filter(each -> !told.contains(each.what())))
                .sorted(Comparator.comparing(Attention::severity).reversed())
                .limit(MOST)
                .toList();
    }

    /** What an audit finds, too, is told once, as it is now. */
    private String what() {
        return code + " " + subject;
    }

    private static Attention of(Violation violation) {
        return new Attention(
                violation.invariant().severity(),
                violation.code(),
                violation.subject(),
                "The last audit found: " + violation.found(),
                violation.invariant().advice(),
                violation.job().map(Object::toString),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<Attention> of(ScanState scan) {
        return scan.failed().map(page -> {
            Standing standing = Standing.of(page);
            return new Attention(
                    standing.severity(),
                    "scan-failing",
                    "scan " + scan.name(),
                    standing.sentence(),
                    page.bounds().isPresent()
                            ? "Mend the cause, or step over the page."
                            : "Mend the cause: a page that can't be read can't be stepped over.",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(scan.name()),
                    Optional.of(page.since()));
        });
    }

    private static Optional<Attention> of(JobSummary job, List<QueueOverview> queues, Instant now) {
        Optional<QueueOverview> queue = queues.stream()
                .filter(one -> one.queue().equals(job.id().queue()))
                .findFirst();
        boolean expired =
                job.lease().filter(lease -> lease.expiresAt().isBefore(now)).isPresent();
        if (!expired && job.takeovers() < MANY_TAKEOVERS) {
            return Optional.empty();
        }
        return Standing.of(job, queue, Optional.empty(), now)
                .map(standing -> new Attention(
                        Severity.WARNING,
                        expired ? "lease-expired" : "taken-over-often",
                        "job " + job.id(),
                        standing.sentence(),
                        expired
                                ? "Start a worker on the queue that runs the pipeline's version, or cancel the job."
                                : "Look at its failures: it may be what kills its workers.",
                        Optional.of(job.id().toString()),
                        Optional.empty(),
                        Optional.empty(),
                        job.lease().map(expired ? JobSummary.Held::expiresAt : JobSummary.Held::since)));
    }

    private static Optional<Attention> of(QueueOverview queue) {
        return Standing.of(queue, BEHIND)
                .map(standing -> new Attention(
                        standing.severity(),
                        standing.severity() == Severity.NOTICE ? "queue-paused" : "queue-behind",
                        "queue " + queue.queue(),
                        standing.sentence(),
                        queue.isPaused()
                                ? "Resume the queue, or leave it."
                                : "Start a worker on the queue that runs the pipeline's version, or more of them.",
                        Optional.empty(),
                        Optional.of(queue.queue()),
                        Optional.empty(),
                        queue.oldestDue().or(queue::pausedAt)));
    }

    ObjectNode json() {
        return new Fields()
                .put("severity", severity)
                .put("code", code)
                .put("subject", subject)
                .put("sentence", sentence)
                .put("advice", advice)
                .text("job", job)
                .text("queue", queue)
                .text("scan", scan)
                .text("since", since)
                .node();
    }
}
