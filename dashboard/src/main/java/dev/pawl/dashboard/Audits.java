package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit that somebody asked for here, piece by piece in the background: one at a time, since each looks at every job. */
final class Audits {
    private static final Logger log = LoggerFactory.getLogger(Audits.class);
    private static final Duration REST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration PIECE = Duration.ofSeconds(5);
    private static final int JOBS_OF_A_PIECE = 20_000;
    private static final int MOST = 1_000;

    private final Auditor auditor;
    private final boolean hidden;
    private final Executor executor;
    private final LongSupplier nanos;
    private Run last = new Run(0, "NONE", Optional.empty(), Optional.empty(), 0, 0, Map.of(), Optional.empty());
    private long beganAt;
    private boolean stopped;

    /** hidden: whether keys of a scan's rows are. */
    Audits(Auditor auditor, boolean hidden, Executor executor, LongSupplier nanos) {
        this.hidden = hidden;
        this.auditor = auditor.within(AuditLimits.STANDARD.atMost(PIECE, JOBS_OF_A_PIECE));
        this.executor = executor;
        this.nanos = nanos;
    }

    /** An audit as far as it has come. */
    private record Run(
            int number,
            String state,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            long jobs,
            long found,
            Map<String, Violation> violations,
            Optional<String> note) {
        Run ended(String how, Optional<String> why) {
            return new Run(number, how, startedAt, Optional.of(Instant.now()), jobs, found, violations, why);
        }

        Run with(Audit piece, UnaryOperator<Violation> shown) {
            Map<String, Violation> all = new LinkedHashMap<>(violations);
            for (Violation violation : piece.violations().stream().map(shown).toList()) {
                if (all.size() < MOST) {
                    all.put("v" + number + "-" + all.size(), violation);
                }
            }
            return new Run(
                    number,
                    state,
                    startedAt,
                    endedAt,
                    jobs + piece.jobs(),
                    found + piece.violations().size(),
                    all,
                    note);
        }
    }

    synchronized void start() {
        if (last.state().equals("RUNNING")) {
            return;
        }
        long since = nanos.getAsLong() - beganAt;
        if (last.number() > 0 && since < REST.toNanos()) {
            throw Problem.of(
                            429,
                            "too-many",
                            "An audit looks at every job, and the last one began less than ten seconds ago.")
                    .after(REST.minusNanos(since));
        }
        beganAt = nanos.getAsLong();
        last = new Run(
                last.number() + 1,
                "RUNNING",
                Optional.of(Instant.now()),
                Optional.empty(),
                0,
                0,
                Map.of(),
                Optional.empty());
        executor.execute(this::audit);
    }

    private void audit() {
        try {
            Audit piece = auditor.audit();
            add(piece);
            while (!piece.isComplete() && goesOn()) {
                piece = auditor.more(piece);
                add(piece);
            }
            end(
                    "DONE",
                    piece.isComplete() ? Optional.empty() : Optional.of("It ended before it had looked at all jobs."));
        } catch (RuntimeException e) {
            log.warn("an audit asked for on the dashboard failed", e);
            end("FAILED", Optional.of("It failed: the database could not be asked. The service's log says why."));
        }
    }

    private synchronized void add(Audit piece) {
        last = last.with(piece, this::shown);
    }

    private synchronized void end(String how, Optional<String> why) {
        last = last.ended(how, why);
    }

    private synchronized boolean goesOn() {
        return !stopped && nanos.getAsLong() - beganAt < LONGEST.toNanos();
    }

    synchronized void stop() {
        stopped = true;
    }

    /** A scan's failing page is told of by its keys. */
    private Violation shown(Violation found) {
        return hidden && found.invariant() == Invariant.SCAN_FAILING
                ? new Violation(
                        found.invariant(),
                        found.subject(),
                        found.job(),
                        "which page, and why it fails, is hidden by this service")
                : found;
    }

    synchronized List<Violation> found() {
        return new ArrayList<>(last.violations().values());
    }

    synchronized Optional<Violation> violation(String id) {
        return Optional.ofNullable(last.violations().get(id));
    }

    synchronized Fields summary() {
        return summary(last);
    }

    private static Fields summary(Run run) {
        return new Fields()
                .put("state", run.state())
                .text("startedAt", run.startedAt())
                .text("endedAt", run.endedAt())
                .put("jobs", run.jobs())
                .put("found", run.found());
    }

    synchronized ObjectNode json() {
        Run run = last;
        return summary(run)
                .text("note", run.note())
                .put("violations", run.violations().entrySet(), each -> violation(each.getKey(), each.getValue()))
                .put("asOf", Instant.now())
                .node();
    }

    private static ObjectNode violation(String id, Violation violation) {
        return new Fields()
                .put("id", id)
                .put("code", violation.code())
                .put("severity", violation.invariant().severity())
                .put("subject", violation.subject())
                .text("job", violation.job())
                .put("found", violation.found())
                .put("meaning", violation.invariant().meaning())
                .put("advice", violation.invariant().advice())
                .node();
    }
}
