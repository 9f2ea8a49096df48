package dev.pawl.jdbc;

import dev.pawl.PawlException;

/**
 * The schema is missing, or of a version that this library can't work with, or could not be migrated. The message says what
 * to run. Nothing was changed.
 */
public final class SchemaException extends PawlException {
    private static final long serialVersionUID = 1L;

    private final String schema;

    /**
     * For Pawl itself.
     *
     * @param schema the schema's name
     * @param message what is, what should be, and what to run
     */
    public SchemaException(String schema, String message) {
        super(message);
        this.schema = schema;
    }

    /**
     * For Pawl itself.
     *
     * @param schema the schema's name
     * @param message what is, what should be, and what to run
     * @param cause what it came from
     */
    public SchemaException(String schema, String message, Throwable cause) {
        super(message, cause);
        this.schema = schema;
    }

    /**
     * Which schema.
     *
     * @return its name
     */
    public String schema() {
        return schema;
    }
}
