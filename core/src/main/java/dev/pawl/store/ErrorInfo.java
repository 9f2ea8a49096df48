package dev.pawl.store;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an attempt failed with, as text that a database can hold: bounded, and without NUL characters.
 *
 * @param type the exception's class; empty if a handler said it in words
 * @param message never null, maybe empty
 * @param stackTrace cut after 16,000 characters; empty if a handler said it in words
 */
public record ErrorInfo(Optional<String> type, String message, Optional<String> stackTrace) {
    private static final int LONGEST_MESSAGE = 4_000;
    private static final int LONGEST_TRACE = 16_000;

    /** Makes the texts fit. */
    public ErrorInfo {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(stackTrace, "stackTrace");
        type = type.map(text -> fit(text, LONGEST_MESSAGE));
        message = fit(Objects.requireNonNull(message, "message"), LONGEST_MESSAGE);
        stackTrace = stackTrace.map(text -> fit(text, LONGEST_TRACE));
    }

    /**
     * In words.
     *
     * @param reason what happened
     * @return the error
     */
    public static ErrorInfo of(String reason) {
        return new ErrorInfo(Optional.empty(), reason, Optional.empty());
    }

    /**
     * Of an exception, however it behaves: one that throws when it is asked for its message or its trace says so instead.
     *
     * @param cause what was thrown
     * @return its class, message and stack trace
     */
    public static ErrorInfo of(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        return new ErrorInfo(
                Optional.of(cause.getClass().getName()),
                orTold("message", () -> Objects.requireNonNullElse(cause.getMessage(), "")),
                Optional.of(orTold("stack trace", () -> trace(cause))));
    }

    private static String orTold(String what, Supplier<String> text) {
        try {
            return text.get();
        } catch (RuntimeException | Error failure) { // a chain of causes deeper than the stack, say
            return "(its " + what + " can't be had: " + failure.getClass().getName() + ")";
        }
    }

    private static String trace(Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static String fit(String text, int limit) {
        String head = text.length() <= limit ? text : text.substring(0, limit) + "…";
        StringBuilder printable = new StringBuilder(head.length());
        head.codePoints().forEach(c -> printable.appendCodePoint(c == 0 || isLoneSurrogate(c) ? '\uFFFD' : c));
        return printable.toString();
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
