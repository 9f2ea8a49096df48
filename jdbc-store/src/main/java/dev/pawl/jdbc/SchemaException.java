package dev.pawl.jdbc;

import dev.pawl.PawlException;

/**
 * Pawl can't work with the schema, or with the database that it is in: it is missing, not Pawl's, or of another version; the
 * role lacks privileges; the server takes no writes; tokens would be issued a second time. Or it could not be migrated. The
 * message says what is, and what to run. Nothing was changed, but for one case, of which the message says that it is not known:
 * the connection was lost at the commit of a migration, or of tokens that were advanced. Both may be run again.
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
