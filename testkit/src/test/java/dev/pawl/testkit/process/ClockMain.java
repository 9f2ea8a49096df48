package dev.pawl.testkit.process;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;

/** A worker that says what time it thinks it is, whenever it is asked, until its standard input ends. */
final class ClockMain {
    static final String TIME = "time ";

    private ClockMain() {}

    /** The database's URL. */
    @SuppressWarnings("try") // the worker works while it is open
    public static void main(String[] args) throws IOException {
        try (HikariDataSource pool = WorkerMain.pool(args[0]);
                JdbiPawl pawl = JdbiPawl.with(pool).name("other-clock").open();
                Worker worker = TimedJobs.work(pawl, Jdbi.create(pool))) {
            System.out.println(WorkerMain.READY);
            for (int asked = 1; System.in.read() >= 0; asked++) {
                System.out.println(TIME + asked + " " + Instant.now());
            }
        }
    }
}
