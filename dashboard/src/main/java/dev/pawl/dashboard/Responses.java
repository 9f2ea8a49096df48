package dev.pawl.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Sends what was answered, with the headers that keep browsers from doing more with it than they should. */
final class Responses {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
                    + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Responses() {}

    static void secure(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
    }

    /** A browser keeps the answer to compare it, and asks each time: {@code no-cache}, to itself alone: {@code private}. */
    static void send(HttpServletRequest request, HttpServletResponse response, Answer answer) throws IOException {
        answer.asOf().ifPresent(asOf -> response.setHeader("Pawl-As-Of", asOf));
        response.setContentType("application/json");
        boolean reading = !request.getMethod().equals("POST");
        if (reading) {
            response.setHeader("ETag", answer.etag());
            if (matches(request, answer.etag())) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return;
            }
        }
        body(request, response, answer.body());
    }

    static void file(HttpServletRequest request, HttpServletResponse response, PageFile file) throws IOException {
        response.setHeader(
                "Cache-Control", file.immutable() ? "private, max-age=31536000, immutable" : "private, no-cache");
        response.setHeader("ETag", file.etag());
        response.setHeader("Vary", "Accept-Encoding");
        if (matches(request, file.etag())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        Optional<byte[]> zipped = file.zipped().filter(bytes -> takesGzip(request));
        zipped.ifPresent(bytes -> response.setHeader("Content-Encoding", "gzip"));
        body(request, response, zipped.orElse(file.plain()));
    }

    private static boolean takesGzip(HttpServletRequest request) {
        String taken = Optional.ofNullable(request.getHeader("Accept-Encoding")).orElse("");
        return Arrays.stream(taken.split(",", -1)).map(String::strip).anyMatch(coding -> coding.equals("gzip"));
    }

    private static boolean matches(HttpServletRequest request, String etag) {
        String known = Optional.ofNullable(request.getHeader("If-None-Match")).orElse("");
        return Arrays.stream(known.split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || bare(one).equals(bare(etag)));
    }

    private static String bare(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    /** Relative, so that it is right behind any prefix. */
    static void toDirectory(HttpServletRequest request, HttpServletResponse response) {
        String uri = request.getRequestURI();
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", "./" + uri.substring(uri.lastIndexOf('/') + 1) + "/");
    }

    static void problem(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return; // the client has part of another answer, and sees that it is not whole
        }
        response.reset();
        secure(response);
        response.setStatus(problem.status());
        response.setContentType("application/problem+json");
        problem.retryAfter()
                .ifPresent(
                        delay -> response.setHeader("Retry-After", String.valueOf((delay.toMillis() + 999) / 1_000)));
        if (problem.status() == 401) {
            response.setHeader("WWW-Authenticate", "Host realm=\"pawl\""); // the host knows how to sign in
        }
        if (problem.status() == 405) {
            response.setHeader(
                    "Allow",
                    problem.detail()
                            .substring(problem.detail().lastIndexOf(": ") + 2)
                            .replace(".", ""));
        }
        body(request, response, Answer.bytes(problem.json()));
    }

    private static void body(HttpServletRequest request, HttpServletResponse response, byte[] body) throws IOException {
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
