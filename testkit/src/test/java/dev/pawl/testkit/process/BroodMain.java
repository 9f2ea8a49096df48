package dev.pawl.testkit.process;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A worker that runs {@link Broods} from when it is told to, until its standard input ends. */
final class BroodMain {
    static final String READY = "ready";
    private static final String GO = "go";
    private static final int TAKEOVERS = 1_000;

    private BroodMain() {}

    static JavaProcess start(String url, String name, Duration lease) {
        return JavaProcess.start(BroodMain.class, url, name, lease.toString());
    }

    /** To one that is ready. */
    static void go(JavaProcess process) {
        process.tell(GO);
    }

    /** The database's URL, the worker's name, and its leases' length. */
    public static void main(String[] args) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (HikariDataSource pool = WorkerMain.pool(args[0], 4);
                JdbiPawl pawl = JdbiPawl.with(pool).name(args[1]).open()) {
            pawl.jobs().claim(Broods.TREE, "nothing", 1, Duration.parse(args[2])); // so that all is loaded
            System.out.println(READY);
            if (GO.equals(commands.readLine())) {
                Worker worker = start(pawl, Duration.parse(args[2]));
                try (worker) {
                    commands.readLine();
                }
            }
        }
    }

    private static Worker start(JdbiPawl pawl, Duration lease) {
        Worker.Builder builder = pawl.worker(Broods.QUEUE);
        for (Handlers<Json> handlers : Broods.handlers(pawl)) {
            builder = builder.run(handlers);
        }
        return builder.concurrency(4)
                .prefetch(0)
                .lease(lease)
                .takeovers(TAKEOVERS)
                .pollInterval(Duration.ofMillis(20))
                .start();
    }
}
