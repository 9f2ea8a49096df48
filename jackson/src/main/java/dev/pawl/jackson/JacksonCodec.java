package dev.pawl.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import dev.pawl.Json;
import dev.pawl.JsonCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads values by a Jackson {@link ObjectMapper}: the application's own, or a standard one that knows records,
 * {@code java.time}, {@code Optional} and constructors whose parameter names were kept ({@code javac -parameters}).
 *
 * <p>Safe for use by many threads, as long as nobody reconfigures the mapper. In a modular application the packages of
 * the payloads and results must be open to {@code com.fasterxml.jackson.databind}.
 */
public final class JacksonCodec implements JsonCodec {
    private final ObjectMapper mapper;

    /**
     * By a standard mapper: properties in alphabetical order, map entries by key, times as ISO-8601 text, unknown
     * properties ignored.
     */
    public JacksonCodec() {
        this(standard());
    }

    /**
     * By the application's own mapper, as it is.
     *
     * @param mapper not to be reconfigured from here on; it should write equal values as equal text, since a repeated
     *     checkpoint is recognised by its text
     */
    public JacksonCodec(ObjectMapper mapper) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    /**
     * Writes a value. It has no effect but its answer, so it may be repeated.
     *
     * @param value any value that the mapper knows how to write
     * @return its JSON
     * @throws JacksonCodecException if the mapper can't; the message names the type and says what to do
     */
    @Override
    public Json write(Object value) {
        try {
            return Json.wellFormed(mapper.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw JacksonCodecException.writing(value.getClass(), e);
        }
    }

    /**
     * Reads a value. It has no effect but its answer, so it may be repeated.
     *
     * @param json what {@link #write} made, maybe by an older deploy
     * @param type the type to read
     * @return the value, never null
     * @throws JacksonCodecException if the JSON isn't of this type, or is {@code null} where the type has no value for
     *     that; the message names the type and says what to do
     */
    @Override
    public <T> T read(Json json, Class<T> type) {
        @Nullable T value;
        try {
            value = mapper.readValue(json.text(), type);
        } catch (JsonProcessingException e) {
            throw JacksonCodecException.reading(type, e);
        }
        if (value == null) {
            throw JacksonCodecException.readingNull(type);
        }
        return value;
    }

    @Override
    public String toString() {
        return "JacksonCodec";
    }

    private static ObjectMapper standard() {
        return JsonMapper.builder()
                .addModules(new Jdk8Module(), new JavaTimeModule(), new ParameterNamesModule())
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }
}
