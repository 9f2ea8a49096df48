package dev.pawl.examples.demo;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.examples.jobs.RecapHandlers;
import dev.pawl.examples.jobs.RecapOutputs;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A worker process: claims and runs recaps until its standard input ends, and then gives back what it holds. It ends with
 * its parent, since the input does.
 */
public final class WorkerMain {
    /** How long a worker may be silent before another takes over. Short, so that nobody has to wait for it. */
    public static final Duration LEASE = Duration.ofSeconds(3);

    /** Jobs at the same time in one worker. */
    public static final int CONCURRENCY = 3;

    public static final String READY = "ready";
    public static final String HOLDING = "holding ";
    public static final String HOLD = "hold ";
    public static final String START = "start";
    public static final String GO_ON = "go on";

    /**
     * Runs until its standard input ends.
     *
     * @param args the worker's name, and the JDBC URL of the database
     * @throws IOException if the input can't be read
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Holds holds = new Holds(out::println);
        obey(commands, holds);
        try (HikariDataSource dataSource = Database.pool(args[1], CONCURRENCY + 3);
                JdbiPawl pawl = JdbiPawl.with(dataSource)
                        .codec(new JacksonCodec())
                        .name(args[0])
                        .open()) {
            Worker worker = pawl.worker(Recap.QUEUE)
                    .run(RecapHandlers.of(holds, pawl.transactional(RecapOutputs::persist)))
                    .run(RecapHandlers.oneGenre(holds))
                    .concurrency(CONCURRENCY)
                    .lease(LEASE)
                    .grace(Duration.ofSeconds(5))
                    .start();
            try (worker) {
                out.println(READY);
                obey(commands, holds);
                holds.goOn();
            }
        }
    }

    /** Does what it is told, up to the command to start, or to the end. */
    private static void obey(BufferedReader commands, Holds holds) throws IOException {
        for (String command = commands.readLine();
                command != null && !command.equals(START);
                command = commands.readLine()) {
            if (command.startsWith(HOLD)) {
                holds.hold(command.substring(HOLD.length()));
            } else if (command.equals(GO_ON)) {
                holds.goOn();
            } else {
                throw new IllegalArgumentException("no such command: " + command);
            }
        }
    }

    private WorkerMain() {}
}
