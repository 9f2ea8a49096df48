package dev.pawl.dashboard;

import dev.pawl.PawlException;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, as an answer: in words of ours, without what names the service's insides; those are logged. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);
    private static final Duration SOON = Duration.ofSeconds(2);

    private Failures() {}

    static Problem problemOf(RuntimeException failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof BusyException busy) {
            return Problem.of(409, "busy", sentence(busy.getMessage())).after(SOON);
        }
        if (failure instanceof RefusedException refused) {
            boolean missing = refused.refusal().reason() == Refusal.Reason.MISSING;
            return Problem.of(missing ? 404 : 409, missing ? "not-found" : "refused", sentence(refused.getMessage()));
        }
        if (failure instanceof StoreException store) {
            return of(store);
        }
        if (failure instanceof PawlException) {
            log.warn("a request to the dashboard failed", failure);
            return Problem.of(503, "store-failed", "The database could not answer. The service's log says why.")
                    .after(SOON);
        }
        if (failure instanceof IllegalStateException && isClosed(failure)) {
            return Problem.of(503, "closed", "The service is being closed.").after(SOON);
        }
        log.error("a request to the dashboard failed, which must not happen", failure);
        return Problem.of(500, "internal", "Something went wrong that must not. The service's log says what.");
    }

    private static Problem of(StoreException failure) {
        log.warn("a request to the dashboard failed: {}", failure.getMessage());
        Problem problem = switch (failure.kind()) {
            case UNREACHABLE ->
                Problem.of(
                        503, "unreachable", "The database can't be reached. It is asked again with the next request.");
            case ANSWER_LOST ->
                Problem.of(
                        503,
                        "unreachable",
                        "The connection to the database broke. Whether what was asked for has happened is not known: look, and ask"
                                + " again.");
            case FAILED ->
                Problem.of(
                        503,
                        "store-failed",
                        "The database could not answer in time, or refused to. The service's log says why.");
        };
        return problem.after(SOON);
    }

    /** By the words that every call of a closed Pawl throws. */
    private static boolean isClosed(RuntimeException failure) {
        return String.valueOf(failure.getMessage()).contains("closed");
    }

    private static String sentence(@Nullable String message) {
        String text = String.valueOf(message);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
