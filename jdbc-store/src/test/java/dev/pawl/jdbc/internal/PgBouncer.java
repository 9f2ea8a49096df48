package dev.pawl.jdbc.internal;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PgBouncer before the shared server, which deals out two sessions by transaction. */
public final class PgBouncer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether there is one on this machine. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Starts one, and waits until it answers.
     *
     * @param directory for its settings and log
     */
    public static PgBouncer start(Path directory) throws IOException {
        int port = freePort();
        Path settings = directory.resolve("pgbouncer.ini");
        Files.writeString(settings, """
                [databases]
                postgres = host=127.0.0.1 port=%d dbname=postgres user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 2
                ignore_startup_parameters = extra_float_digits
                """.formatted(Postgres.port(), port));
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> command = root // which it refuses to be
                ? List.of(PROGRAM.toString(), "-u", "nobody", settings.toString())
                : List.of(PROGRAM.toString(), settings.toString());
        PgBouncer started = new PgBouncer(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start(),
                port);
        await().atMost(Duration.ofSeconds(30)).until(started::answers);
        return started;
    }

    /**
     * How to connect through it.
     *
     * @param parameters of the JDBC URL, e.g. {@code prepareThreshold=0}
     */
    public String url(String parameters) {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&" + parameters;
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url(""))) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
