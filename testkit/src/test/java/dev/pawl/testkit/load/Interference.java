package dev.pawl.testkit.load;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** What operators and applications do while workers run: each method is a step of one thread's. */
final class Interference {
    private static final Actor ANN = Actor.user("ann");
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final int MOST_OPEN = 2_000;
    private static final String RANDOM_ORDER = " order by md5(id::text || :salt) limit 5";

    private final JdbiPawl pawl;
    private final DataSource dataSource;
    private final Jdbi jdbi;
    private final Map<String, Integer> happened = new ConcurrentHashMap<>();

    Interference(JdbiPawl pawl, DataSource dataSource) {
        this.pawl = pawl;
        this.dataSource = dataSource;
        this.jdbi = Jdbi.create(dataSource);
    }

    /** How often what was done. */
    Map<String, Integer> happened() {
        return new TreeMap<>(happened);
    }

    void enqueue(Random random) {
        if (count("select count(*) from pawl.job where ended_at is null") < MOST_OPEN) {
            for (Pipeline<Json, Void> root : Generations.ROOTS) {
                pawl.jobs().enqueue(NewJob.of(root, Json.of("{}")).queue(Generations.QUEUE));
                count("enqueued", true);
            }
        }
    }

    /** Roots and children, running or waiting. */
    void cancel(Random random) {
        for (JobId job : some("ended_at is null", random)) {
            count("cancelled", accepted(() -> pawl.jobs().cancel(job, ANN)));
        }
    }

    /** Roots and children. */
    void retry(Random random) {
        for (JobId job : some("status in ('FAILED', 'CANCELLED')", random)) {
            count("retried", accepted(() -> pawl.jobs().retry(job, ANN)));
        }
    }

    /** A transaction of the application's, which ends a child last, and holds it and its parent for a moment. */
    void endByHand(Random random) throws SQLException {
        for (ClaimedJob<Json> child : pawl.jobs().claim(Generations.BY_HAND, Generations.QUEUE, 3, LEASE)) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                boolean accepted = accepted(() -> pawl.in(connection).checkpoint(child, Generations.WORK));
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20)).toNanos()); // it has other things to do
                if (accepted && random.nextInt(10) > 0) {
                    connection.commit();
                    count("ended by hand", true);
                } else {
                    connection.rollback(); // the child is taken over when its lease has run out
                    count("rolled back", accepted);
                }
            }
        }
    }

    private List<JobId> some(String which, Random random) {
        return jdbi.withHandle(handle -> handle.createQuery("select id from pawl.job where " + which + RANDOM_ORDER)
                .bind("salt", Long.toString(random.nextLong()))
                .mapTo(UUID.class)
                .map(id -> new JobId(Generations.QUEUE, id))
                .list());
    }

    private int count(String query) {
        return jdbi.withHandle(handle -> handle.select(query).mapTo(int.class).one());
    }

    private void count(String what, boolean accepted) {
        happened.merge(accepted ? what : "not " + what, 1, Integer::sum);
    }

    private static boolean accepted(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RefusedException | BusyException otherwise) {
            return false;
        }
    }
}
