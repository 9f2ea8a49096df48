package dev.pawl.store;

import dev.pawl.audit.Repair;
import dev.pawl.internal.Checks;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A page of the records of repairs, which a store numbers in their order.
 *
 * @param rows latest first
 * @param next the number of the last of these; empty if there are no more
 * @param asOf the time of the reading
 */
public record RecordedRepairs(List<Repair> rows, OptionalLong next, Instant asOf) {
    private static final String FORM = "r1-";
    private static final int RADIX = 36;

    /** Keeps the rows. */
    public RecordedRepairs {
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(asOf, "asOf");
    }

    /**
     * A number as text, for whoever asks for the next page.
     *
     * @param number of a record
     * @return letters, digits and '-'
     */
    public static String text(long number) {
        return FORM + Long.toString(number, RADIX);
    }

    /**
     * Reads what {@link #text} printed.
     *
     * @param text the position
     * @return the number
     * @throws IllegalArgumentException if it is damaged
     */
    public static long parse(String text) {
        Objects.requireNonNull(text, "text");
        try {
            long number = text.startsWith(FORM) ? Long.parseLong(text.substring(FORM.length()), RADIX) : 0;
            if (number > 0 && text(number).equals(text)) {
                return number;
            }
        } catch (NumberFormatException notOurs) {
            throw damaged(text, notOurs);
        }
        throw damaged(text, null);
    }

    private static IllegalArgumentException damaged(String text, @Nullable NumberFormatException why) {
        return new IllegalArgumentException(
                "position '" + Checks.shown(text)
                        + "' is damaged, or none of a list of repairs: ask for the first page",
                why);
    }
}
