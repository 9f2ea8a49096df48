package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A main class in a process of its own, with the class path and the Java of this one; it ends with this one's end. */
final class JavaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Writer commands;
    private final List<String> said = new ArrayList<>();

    private JavaProcess(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    static JavaProcess start(Class<?> main, String... arguments) {
        return start(Map.of(), main, arguments);
    }

    static JavaProcess start(Map<String, String> environment, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // quick to start rather than quick in the long run
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-classpath",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            JavaProcess started = new JavaProcess(builder.start());
            Thread listener = new Thread(started::listen, "listener");
            listener.setDaemon(true);
            listener.start();
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException("could not start " + command, failure);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The rest of the first line that begins like this, or nothing yet. */
    Optional<String> said(String beginning) {
        synchronized (said) {
            return said.stream()
                    .filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()))
                    .findFirst();
        }
    }

    /** Waits until it says so, and tells what it said instead if it ends without. */
    String awaitSaying(String beginning) {
        await().atMost(PATIENCE).until(() -> said(beginning).isPresent() || !isAlive());
        assertThat(said(beginning)).as("'%s', of %s", beginning, this).isPresent();
        return said(beginning).orElseThrow();
    }

    void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("can't be told to " + command, failure);
        }
    }

    /** SIGKILL: it ends at once, and can do nothing about it. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** SIGSTOP: it stands still, its connections open, and does not know it. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if nothing had been. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** By the shell's own kill: a program of that name is not on every machine. */
    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertThat(kill.waitFor()).as("exit code of kill -%s", name).isZero();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                }
            }
        } catch (IOException gone) {
            // and its end of the pipe with it
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** All that it said. */
    @Override
    public String toString() {
        synchronized (said) {
            return "process " + process.pid() + (isAlive() ? "" : ", which has ended,") + " that said:\n"
                    + String.join("\n", said);
        }
    }
}
