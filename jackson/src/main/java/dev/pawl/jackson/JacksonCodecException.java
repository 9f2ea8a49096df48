package dev.pawl.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import dev.pawl.PawlException;

/**
 * A value could not be turned into JSON, or JSON not into a value. Nothing was stored and nothing else changed: the
 * cause is in the types, and trying again without changing them will not help.
 */
public final class JacksonCodecException extends PawlException {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;

    private JacksonCodecException(String message, Class<?> type, Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    private JacksonCodecException(String message, Class<?> type) {
        super(message);
        this.type = type;
    }

    static JacksonCodecException writing(Class<?> type, JsonProcessingException cause) {
        return new JacksonCodecException(
                "can't write " + type.getName() + " as JSON: " + what(cause) + ". " + adviceToWrite(type), type, cause);
    }

    static JacksonCodecException reading(Class<?> type, JsonProcessingException cause) {
        return new JacksonCodecException(
                "can't read " + type.getName() + " from JSON: " + what(cause) + ". " + adviceToRead(type, cause),
                type,
                cause);
    }

    static JacksonCodecException readingNull(Class<?> type) {
        return new JacksonCodecException(
                "can't read " + type.getName() + " from JSON: it is null, and so is not a value of this type", type);
    }

    /**
     * The Java type that was to be written or read.
     *
     * @return its class
     */
    public Class<?> type() {
        return type;
    }

    private static String what(JsonProcessingException cause) {
        String message = cause.getOriginalMessage();
        String path = cause instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
        return path.isEmpty() ? message : message + " (at " + path + ")";
    }

    private static String adviceToWrite(Class<?> type) {
        return isClosed(type)
                ? adviceToOpen(type)
                : "Make it a record or give it getters, or give JacksonCodec an ObjectMapper that knows it";
    }

    private static String adviceToRead(Class<?> type, JsonProcessingException cause) {
        if (cause instanceof StreamReadException) {
            return "The text is not JSON as Jackson reads it: it was not written by this codec";
        }
        if (cause instanceof InvalidDefinitionException) {
            return isClosed(type)
                    ? adviceToOpen(type)
                    : "Make it a record, or give it a constructor that Jackson can call (@JsonCreator, or javac -parameters),"
                            + " or give JacksonCodec an ObjectMapper that knows it";
        }
        return "If the type was changed since this was written, let it read the old form too (@JsonAlias, a default), or"
                + " run the old jobs to their end first";
    }

    private static boolean isClosed(Class<?> type) {
        return !type.getModule().isOpen(type.getPackageName(), ObjectMapper.class.getModule());
    }

    private static String adviceToOpen(Class<?> type) {
        return "Add `opens " + type.getPackageName()
                + " to com.fasterxml.jackson.databind;` to the module-info.java of "
                + type.getModule().getName();
    }
}
