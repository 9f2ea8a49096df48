package dev.pawl.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** Refuses nonsense at the door, with what it was, which value, and what would do. */
public final class Checks {
    /** A lease, a delay or a time-out longer than this is a mistake in units. */
    public static final Duration LONGEST = Duration.ofDays(3_660);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final int LONGEST_KEY = 255;
    private static final int SHOWN = 80;

    private Checks() {}

    /** The name of a queue, a pipeline or a stage. */
    public static String name(String what, String value) {
        Objects.requireNonNull(value, what);
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    what + " must be 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit,"
                            + " but was '" + shown(value) + "'");
        }
        return value;
    }

    /** A job key, a user's id, a holder's name: 1 to 255 printable characters. */
    public static String printable(String what, String value) {
        Objects.requireNonNull(value, what);
        if (value.isEmpty() || value.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(what + " must have 1 to " + LONGEST_KEY + " characters, but had "
                    + value.length() + ": '" + shown(value) + "'");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean lone = Character.isSurrogate(c) && !isPair(value, i);
            if (Character.isISOControl(c) || lone) {
                throw new IllegalArgumentException(what + " must have printable characters only, but has U+"
                        + String.format("%04X", (int) c) + " at index " + i + ": '" + shown(value) + "'");
            }
        }
        return value;
    }

    /** A duration above zero and no longer than {@link #LONGEST}. */
    public static Duration positive(String what, Duration value) {
        Objects.requireNonNull(value, what);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be longer than zero, but was " + value);
        }
        return notTooLong(what, value);
    }

    /** A duration of zero or more and no longer than {@link #LONGEST}. */
    public static Duration notNegative(String what, Duration value) {
        Objects.requireNonNull(value, what);
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, but was " + value);
        }
        return notTooLong(what, value);
    }

    /** A duration no shorter than another. */
    public static Duration atLeast(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", but was " + value);
        }
        return value;
    }

    /** A number within a range, ends included. */
    public static int between(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", but was " + value);
        }
        return value;
    }

    /** Text of at most {@code limit} bytes in UTF-8. */
    public static String atMostBytes(String what, String text, int limit) {
        if (text.length() > limit / 3) { // a char is at most 3 bytes: shorter ones need no counting
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > limit) {
                throw new IllegalArgumentException(
                        what + " must be at most " + limit + " bytes of JSON, but was " + bytes
                                + ": keep large data elsewhere and pass a reference, or raise the limit when opening Pawl");
            }
        }
        return text;
    }

    private static boolean isPair(String value, int i) {
        char c = value.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    private static Duration notTooLong(String what, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " must be at most " + LONGEST.toDays() + " days, but was " + value
                    + " (" + value.toDays() + " days)");
        }
        return value;
    }

    /** A value as messages show it: not too long, and with escapes for what can't be seen, or would fake lines of a log. */
    public static String shown(String value) {
        int end = Math.min(value.length(), SHOWN);
        if (end < value.length() && Character.isHighSurrogate(value.charAt(end - 1))) {
            end--;
        }
        StringBuilder shown = new StringBuilder(end + 1);
        for (int i = 0, c; i < end; i += Character.charCount(c)) {
            c = value.codePointAt(i);
            if (isInvisible(c)) {
                shown.append(String.format("\\u%04X", c));
            } else {
                shown.appendCodePoint(c);
            }
        }
        return end == value.length() ? shown.toString() : shown.append('…').toString();
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
