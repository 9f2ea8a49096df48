package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.internal.Checks;
import dev.pawl.internal.JsonSyntax;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The door between the application's values and JSON: a {@link Json} passes as it is, all else goes through the codec, and
 * nothing larger than the limit comes in.
 */
public final class JsonValues {
    /** 1 MiB, for each payload, progress and result. */
    public static final int STANDARD_LIMIT = 1 << 20;

    /** 64 MiB: what a limit may be raised to. */
    public static final int HIGHEST_LIMIT = 64 << 20;

    private final JsonCodec codec;
    private final int limit;

    /**
     * A door.
     *
     * @param codec the application's
     * @param limit most bytes in UTF-8; 1 to 64 MiB
     */
    public JsonValues(JsonCodec codec, int limit) {
        this.codec = Objects.requireNonNull(codec, "codec");
        this.limit = Checks.between("limit of JSON in bytes", limit, 1, HIGHEST_LIMIT);
    }

    /**
     * Writes a value.
     *
     * @param what for the message: {@code payload of job …}
     * @param value to be written
     * @return its JSON
     * @throws IllegalArgumentException if it is larger than the limit, or JSON that is none
     * @throws IllegalStateException if the codec wrote null, or what is no JSON
     */
    public Json write(String what, Object value) {
        Objects.requireNonNull(value, () -> what + " must not be null");
        return value instanceof Json given ? given(what, given) : written(what, codec.write(value));
    }

    private Json given(String what, Json json) {
        Checks.atMostBytes(what, json.text(), limit);
        try {
            JsonSyntax.check(json.text());
        } catch (IllegalArgumentException notJson) {
            throw new IllegalArgumentException(what + " is " + notJson.getMessage(), notJson);
        }
        return json;
    }

    /** Checked, too: a database would refuse it, and a store in memory would not. */
    private Json written(String what, @Nullable Json json) {
        if (json == null) {
            throw new IllegalStateException(
                    codec + " wrote null for the " + what + ": a codec must write JSON, or throw");
        }
        Checks.atMostBytes(what, json.text(), limit);
        try {
            JsonSyntax.check(json.text());
        } catch (IllegalArgumentException notJson) {
            throw new IllegalStateException(
                    codec + " wrote for the " + what + " what is " + notJson.getMessage(), notJson);
        }
        return json;
    }

    /**
     * Reads a value.
     *
     * @param <T> the type to read
     * @param json as it was stored
     * @param type the type to read
     * @return the value
     * @throws IllegalStateException if the codec read null
     */
    public <T> T read(Json json, Class<T> type) {
        if (type == Json.class) {
            return type.cast(json);
        }
        T value = codec.read(json, type);
        if (value == null) {
            throw new IllegalStateException(
                    codec + " read null for " + type.getName() + ": a codec must return a value, or throw");
        }
        return value;
    }
}
