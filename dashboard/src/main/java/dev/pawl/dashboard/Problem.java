package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/** An answer that is an error, in words for whoever asked. Without a stack trace, since it is an answer and no accident. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Optional<String> parameter;
    private final transient Optional<Duration> retryAfter;

    private Problem(int status, String code, String detail, Optional<String> parameter, Optional<Duration> retryAfter) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
        this.retryAfter = retryAfter;
    }

    static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, Optional.empty(), Optional.empty());
    }

    /** The value is in the detail. */
    static Problem badParameter(String parameter, String detail) {
        return new Problem(400, "bad-request", detail, Optional.of(parameter), Optional.empty());
    }

    static Problem notFound(String what) {
        return of(404, "not-found", what);
    }

    static Problem tooSlow(String detail) {
        return of(503, "too-slow", detail).after(Duration.ofSeconds(2));
    }

    Problem after(Duration delay) {
        return new Problem(status, code, detail(), parameter, Optional.of(delay));
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    ObjectNode json() {
        return new Fields()
                .put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("code", code)
                .put("detail", detail())
                .text("parameter", parameter)
                .maybe("retryAfterMs", retryAfter, Fields::millis)
                .node();
    }

    private String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
