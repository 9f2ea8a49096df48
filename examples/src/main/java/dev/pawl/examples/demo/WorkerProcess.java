package dev.pawl.examples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, as the demonstration holds it. For one thread. */
public final class WorkerProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Writer commands;
    private final List<String> said = new ArrayList<>();

    private WorkerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a worker with the class path and the Java of this process.
     *
     * @param name who it is, for people
     * @param jdbcUrl the database
     * @param log where what it logs goes
     * @return the process; it says {@link WorkerMain#READY} when it works
     */
    public static WorkerProcess start(String name, String jdbcUrl, Path log) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dexamples.log=" + log,
                "-classpath",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                name,
                jdbcUrl);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            WorkerProcess worker = new WorkerProcess(name, process);
            Thread listener = new Thread(worker::listen, name + "-listener");
            listener.setDaemon(true);
            listener.start();
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Who it is.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * The operating system's number of the process.
     *
     * @return the pid
     */
    public long pid() {
        return process.pid();
    }

    /**
     * What it said, if it said anything that begins like this.
     *
     * @param beginning of the line
     * @return the rest of the first such line
     * @throws IllegalStateException if it has ended without saying it
     */
    public Optional<String> said(String beginning) {
        boolean alive = process.isAlive();
        synchronized (said) {
            Optional<String> rest = said.stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .map(line -> line.substring(beginning.length()));
            if (rest.isEmpty() && !alive) {
                throw new IllegalStateException(name + " ended early, with exit code " + process.exitValue());
            }
            return rest;
        }
    }

    /**
     * Gives it a command.
     *
     * @param command one of {@link WorkerMain}'s
     */
    public void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be told to " + command, e);
        }
    }

    /** SIGKILL: it ends at once, and can do nothing about it. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(5));
    }

    /** SIGSTOP: it stands still, connections open, and does not know it. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if nothing had been. */
    public void thaw() {
        signal("CONT");
    }

    /**
     * Lets it finish what it has in hand, and end.
     *
     * @param patience how long to wait for it
     * @return true if it ended by itself and well
     */
    public boolean stop(Duration patience) {
        try {
            commands.close(); // its standard input ends
        } catch (IOException e) {
            return false;
        }
        return awaitEnd(patience) && process.exitValue() == 0;
    }

    /** Leaves no process behind, frozen or not. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private boolean awaitEnd(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** By the shell's own kill: a program of that name is not on every machine. */
    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("can't send SIG" + signal + " to " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + signal + " to " + name, e);
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                }
            }
        } catch (IOException e) {
            // the process is gone, and its end of the pipe with it
        }
    }
}
