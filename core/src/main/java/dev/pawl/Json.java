package dev.pawl;

import dev.pawl.internal.JsonSyntax;
import java.util.Objects;

/**
 * JSON text as it was given: the form in which payloads, progress and results are stored and come back, to the letter
 * (rule J11). Usable as a payload or result type itself, without any codec.
 *
 * <p>Two are equal if their texts are, so {@code {"a":1}} and {@code { "a": 1 }} differ. Immutable.
 */
public final class Json {
    /** The JSON value {@code null}. */
    public static final Json NULL = new Json("null");

    private final String text;

    private Json(String text) {
        this.text = Objects.requireNonNull(text, "text");
    }

    /**
     * Text that is checked to be one JSON value (RFC 8259), nested at most 512 deep.
     *
     * @param text the JSON
     * @return the same text as JSON
     * @throws IllegalArgumentException if it isn't JSON; the message says at which character, and what was expected
     */
    public static Json of(String text) {
        JsonSyntax.check(text);
        return new Json(text);
    }

    /**
     * Text that is known to be JSON, since a codec or a store made it: nothing is checked here. Pawl checks it when it is
     * to be stored, and refuses what is not JSON after all.
     *
     * @param text the JSON
     * @return the same text as JSON
     */
    public static Json wellFormed(String text) {
        return new Json(text);
    }

    /**
     * The JSON.
     *
     * @return the text as it was given
     */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && text.equals(json.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
