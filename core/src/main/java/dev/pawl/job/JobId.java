package dev.pawl.job;

import dev.pawl.internal.Checks;
import java.util.Objects;
import java.util.UUID;

/**
 * A job's name for ever: the queue in which it lives, and by which it is placed, and a UUID (version 7 where Pawl makes
 * it, so that ids rise with time).
 *
 * @param queue 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
 * @param uuid unique within the queue
 */
public record JobId(String queue, UUID uuid) {
    /** Checks the queue's name. */
    public JobId {
        Checks.name("queue", queue);
        Objects.requireNonNull(uuid, "uuid");
    }

    /**
     * Reads what {@link #toString()} printed.
     *
     * @param text e.g. {@code recap/0190a6c1-…}
     * @return the id
     * @throws IllegalArgumentException if it isn't a queue, a slash and a UUID
     */
    public static JobId parse(String text) {
        int slash = Objects.requireNonNull(text, "text").indexOf('/');
        if (slash < 0) {
            throw notAnId(text);
        }
        return new JobId(text.substring(0, slash), uuid(text, text.substring(slash + 1)));
    }

    /** {@code recap/0190a6c1-…}. */
    @Override
    public String toString() {
        return queue + "/" + uuid;
    }

    private static UUID uuid(String whole, String part) {
        try {
            if (part.length() == 36) { // UUID.fromString takes shorter groups for zeros
                return UUID.fromString(part);
            }
        } catch (IllegalArgumentException notAUuid) {
            // told below, with the whole text
        }
        throw notAnId(whole);
    }

    private static IllegalArgumentException notAnId(String text) {
        return new IllegalArgumentException(
                "a job id is a queue, a slash and a UUID, but was '" + Checks.shown(text) + "'");
    }
}
