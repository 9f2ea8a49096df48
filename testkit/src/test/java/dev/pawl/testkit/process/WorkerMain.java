package dev.pawl.testkit.process;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/** A worker that runs {@link Steps} until its standard input ends, as it does when its parent dies. */
final class WorkerMain {
    static final String READY = "ready";
    static final String HOLDING = "holding ";
    static final String GO_ON = "go on";

    /** Ends the process in the middle of the stage. */
    static final String HALT = "halt";

    /** Says that it holds, and waits to be told to go on. */
    static final String HOLD = "hold";

    /** Takes a moment. */
    static final String WORK = "work";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Jdbi jdbi;

    private WorkerMain(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static JavaProcess start(String url, String name, Duration lease, int takeovers) {
        return JavaProcess.start(WorkerMain.class, url, name, lease.toString(), Integer.toString(takeovers));
    }

    /** The database's URL, the worker's name, its leases' length, and how many takeovers it allows. */
    public static void main(String[] args) throws IOException {
        try (HikariDataSource pool = pool(args[0]);
                JdbiPawl pawl = JdbiPawl.with(pool).name(args[1]).open()) {
            WorkerMain main = new WorkerMain(Jdbi.create(pool));
            Worker worker = pawl.worker(Steps.PIPELINE.name())
                    .run(Steps.handlers(pawl, main::happen))
                    .concurrency(2)
                    .prefetch(0)
                    .lease(Duration.parse(args[2]))
                    .takeovers(Integer.parseInt(args[3]))
                    .pollInterval(Duration.ofMillis(50))
                    .start();
            try (worker) {
                System.out.println(READY);
                main.obey();
            }
        }
    }

    static HikariDataSource pool(String url) {
        return pool(url, 8);
    }

    static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    private void obey() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            if (command.equals(GO_ON)) {
                goOn.countDown();
            }
        }
        goOn.countDown();
    }

    /** As a handler does that takes no notice of them, and goes on to write. */
    private void waitThroughInterrupts() {
        while (goOn.getCount() > 0) {
            try {
                goOn.await();
            } catch (InterruptedException goesOn) {
                // until it is told
            }
        }
    }

    private void happen(String deed, Attempt<Json> job) throws InterruptedException {
        jdbi.useHandle(handle -> handle.execute(
                "insert into begun values (?, ?, ?)",
                job.id().uuid(),
                job.stage(),
                job.token().value()));
        switch (deed) {
            case HALT -> Runtime.getRuntime().halt(7);
            case HOLD -> {
                System.out.println(HOLDING + job.id());
                waitThroughInterrupts();
            }
            default -> {
                var unused = goOn.await(20, TimeUnit.MILLISECONDS);
            }
        }
    }
}
