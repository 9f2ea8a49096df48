package dev.pawl.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The host's authentication and authorisation: who asks, and what they may do. Called for each request, by the threads that serve them,
 * so it must be quick and safe for use by many threads. What it throws is logged, and answered with 500; nothing is shown.
 */
@FunctionalInterface
public interface Access {
    /**
     * Says who asks.
     *
     * @param request theirs, whose body must not be read
     * @return who they are; empty if that is not known, which is answered with 401
     */
    Optional<Visitor> visitor(HttpServletRequest request);
}
