package dev.pawl;

/**
 * Turns the application's values into JSON and back. Implement it over the JSON library that the application has
 * already, or take {@code pawl-jackson}. Implementations must be safe for use by many threads, and a value that was
 * written must be readable by every later deploy of the application while its jobs live.
 */
public interface JsonCodec {
    /**
     * Writes a value.
     *
     * @param value never null; a {@link Json} is passed through by Pawl and doesn't come here
     * @return its JSON
     * @throws RuntimeException if this value can't be written; the message should name its type and what to do
     */
    Json write(Object value);

    /**
     * Reads a value.
     *
     * @param <T> the type to read
     * @param json what {@link #write} made, maybe by an older deploy
     * @param type the type to read
     * @return the value
     * @throws RuntimeException if the JSON isn't of this type; the message should name the type
     */
    <T> T read(Json json, Class<T> type);

    /**
     * A codec for applications that handle JSON themselves, by {@link Json} payloads and results.
     *
     * @return a codec that refuses every other type, with words
     */
    static JsonCodec none() {
        return NoCodec.INSTANCE;
    }
}
