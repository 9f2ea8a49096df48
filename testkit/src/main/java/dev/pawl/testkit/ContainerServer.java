package dev.pawl.testkit;

import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container. */
final class ContainerServer {
    private ContainerServer() {}

    @SuppressWarnings("resource") // stopped with the JVM
    static String start(String image) {
        UnnamedModule.readBy(ContainerServer.class);
        try {
            PostgreSQLContainer container =
                    new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"));
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-test-postgres"));
            String separator = container.getJdbcUrl().contains("?") ? "&" : "?";
            return container.getJdbcUrl() + separator + "user=" + container.getUsername() + "&password="
                    + container.getPassword();
        } catch (RuntimeException failure) {
            throw new IllegalStateException(
                    "no PostgreSQL could be started by Testcontainers from the image " + image + " (-D"
                            + TestPostgres.IMAGE_PROPERTY + " names another): " + failure.getMessage(),
                    failure);
        }
    }
}
