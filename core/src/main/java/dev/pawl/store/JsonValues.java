package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.internal.Checks;
import java.util.Objects;

/**
 * The door between the application's values and JSON: a {@link Json} passes as it is, all else goes through the codec, and
 * nothing larger than the limit comes in.
 */
public final class JsonValues {
    /** 1 MiB, for each payload, progress and result. */
    public static final int STANDARD_LIMIT = 1 << 20;

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
        this.limit = Checks.between("limit of JSON in bytes", limit, 1, 64 << 20);
    }

    /**
     * Writes a value.
     *
     * @param what for the message: {@code payload of job …}
     * @param value to be written
     * @return its JSON
     * @throws IllegalArgumentException if it is larger than the limit
     */
    public Json write(String what, Object value) {
        Objects.requireNonNull(value, what);
        Json json = value instanceof Json given ? given : codec.write(value);
        Objects.requireNonNull(json, () -> "the JSON of " + what + ", as " + codec + " wrote it");
        Checks.atMostBytes(what, json.text(), limit);
        return json;
    }

    /**
     * Reads a value.
     *
     * @param <T> the type to read
     * @param json as it was stored
     * @param type the type to read
     * @return the value
     */
    public <T> T read(Json json, Class<T> type) {
        return type == Json.class ? type.cast(json) : codec.read(json, type);
    }
}
