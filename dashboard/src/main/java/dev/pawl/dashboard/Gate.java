package dev.pawl.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who comes in. By the host's hook, where there is one; without it, whoever sits at this machine, and nobody else: both ends of the
 * connection are loopback addresses, it was asked for by a name of this machine (else a page elsewhere could have its name lead
 * here), and nothing says that a proxy passed it on.
 */
final class Gate {
    private static final Logger log = LoggerFactory.getLogger(Gate.class);
    private static final List<String> FORWARDED = List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Forwarded-Server",
            "X-Forwarded-Prefix",
            "X-Real-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "Via");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern LOCAL = Pattern.compile(
            "(?i)(?:localhost|[a-z0-9-]+\\.localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(?::\\d{1,5})?");
    static final String HOW =
            "Set Dashboard.access(…), which says who asks and what they may do; without it the dashboard is for this"
                    + " machine only.";

    private final Optional<Access> access;

    Gate(Optional<Access> access) {
        this.access = access;
    }

    Visitor visitor(HttpServletRequest request) {
        Visitor visitor = access.isPresent() ? known(access.get(), request) : local(request);
        if (!visitor.permissions().contains(Permission.VIEW)) {
            throw Problem.of(
                    403, "forbidden", visitor.name() + " may not see this dashboard: it needs the permission VIEW.");
        }
        return visitor;
    }

    private static Visitor known(Access access, HttpServletRequest request) {
        Optional<Visitor> visitor;
        try {
            visitor = Objects.requireNonNull(access.visitor(request), "Access.visitor returned null");
        } catch (RuntimeException e) {
            log.error("nobody is let into the dashboard: the host's Access failed", e);
            throw Problem.of(500, "internal", "It could not be found out who asks. The service's log says why.");
        }
        return visitor.orElseThrow(
                () -> Problem.of(401, "unknown-visitor", "It is not known who asks. Sign in, and load the page anew."));
    }

    private static Visitor local(HttpServletRequest request) {
        if (!isLoopback(request.getRemoteAddr()) || !isLoopback(request.getLocalAddr())) {
            throw closed("the request comes from another machine");
        }
        for (String header : FORWARDED) {
            if (request.getHeader(header) != null) {
                throw closed("the request was passed on by a proxy (it has the header " + header + ")");
            }
        }
        String host = request.getHeader("Host");
        if (host != null && !LOCAL.matcher(host).matches()) {
            throw Problem.of(
                    403,
                    "other-host",
                    "No access is set up, so the dashboard answers by the names of this machine only (localhost, 127.0.0.1), but was"
                            + " asked for as '" + Parameters.shown(host) + "'. " + HOW);
        }
        return Visitor.operator("local");
    }

    private static Problem closed(String why) {
        return Problem.of(403, "no-access-hook", "No access is set up, and " + why + ". " + HOW);
    }

    /** Of an address in digits; a name is looked up nowhere, and is none. */
    static boolean isLoopback(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        try {
            return NUMERIC.matcher(bare).matches()
                    && InetAddress.getByName(bare).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
