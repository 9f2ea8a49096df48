package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.audit.Audit;
import dev.pawl.audit.Violation;
import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import dev.pawl.lease.Leases;
import dev.pawl.store.AuditStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Audits at an interval, in the process that leads (rule A4). One that ended at its limits is gone on with by the next. */
final class RepeatedAudits {
    private static final Logger log = LoggerFactory.getLogger(RepeatedAudits.class);
    private static final Duration TERM = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Function<Optional<JobId>, Audit> audit;
    private final Duration interval;
    private final Consumer<Audit> listener;

    RepeatedAudits(Function<Optional<JobId>, Audit> audit, Duration interval, Consumer<Audit> listener) {
        this.audit = audit;
        this.interval = Checks.atLeast("interval of audits", Checks.positive("interval of audits", interval), SHORTEST);
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    Running lead(WorkerContext context) {
        return context.lead(AuditStore.LEASE, TERM, this::untilItIsOver);
    }

    private void untilItIsOver(Leases.Term term) throws InterruptedException {
        Signal never = new Signal();
        Optional<JobId> after = Optional.empty();
        while (term.isCurrent()) {
            after = next(after, term);
            never.await(interval);
        }
    }

    private Optional<JobId> next(Optional<JobId> after, Leases.Term term) {
        try {
            Audit found = audit.apply(after);
            found.violations().forEach(RepeatedAudits::tell);
            log.debug("audit: {}", found);
            tell(found);
            return found.last();
        } catch (RuntimeException failure) {
            if (!term.isCurrent()) { // interrupted, perhaps: whoever leads now audits
                log.debug("an audit ended with its term", failure);
                return after;
            }
            log.warn("an audit failed, and is tried again in {}: {}", interval, failure.toString());
            return after;
        }
    }

    private void tell(Audit found) {
        try {
            listener.accept(found);
        } catch (RuntimeException failure) {
            log.warn("the listener of audits failed", failure);
        }
    }

    private static void tell(Violation violation) {
        switch (violation.invariant().severity()) {
            case ERROR -> log.error("audit: {}", violation);
            case WARNING -> log.warn("audit: {}", violation);
            case NOTICE -> log.info("audit: {}", violation);
        }
    }
}
