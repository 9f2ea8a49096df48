package dev.pawl.testkit.load;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.WorkerListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What would be processes of their own: each a Pawl with few connections, and a worker. */
final class Processes implements AutoCloseable {
    private static final int CONNECTIONS = 3;

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<JdbiPawl> pawls = new ArrayList<>();

    static Processes start(HikariDataSource database, int count, List<Handlers<Json>> handlers, WorkerListener listener)
            throws SQLException {
        Processes processes = new Processes();
        for (int i = 0; i < count; i++) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(database.getDataSource());
            config.setMaximumPoolSize(CONNECTIONS);
            config.setMinimumIdle(1);
            HikariDataSource pool = new HikariDataSource(config);
            processes.pools.add(pool);
            JdbiPawl pawl = JdbiPawl.with(pool).name("process-" + i).open();
            processes.pawls.add(pawl);
            processes.work(pawl, handlers, listener);
        }
        return processes;
    }

    @SuppressWarnings("resource") // closed with its Pawl
    private void work(JdbiPawl pawl, List<Handlers<Json>> all, WorkerListener listener) {
        var worker = pawl.worker(Generations.QUEUE);
        for (Handlers<Json> handlers : all) {
            worker = worker.run(handlers);
        }
        worker.concurrency(2)
                .pollInterval(Duration.ofMillis(50))
                .listener(listener)
                .start();
    }

    JdbiPawl pawl(int number) {
        return pawls.get(number);
    }

    @Override
    public void close() {
        pawls.forEach(JdbiPawl::close);
        pools.forEach(HikariDataSource::close);
    }
}
