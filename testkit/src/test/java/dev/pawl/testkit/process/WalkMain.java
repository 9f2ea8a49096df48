package dev.pawl.testkit.process;

import static dev.pawl.scan.KeyColumn.asc;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.jdbc.SqlScan;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Walks a lap over the rows of {@code walking}, and says of each page that it has handled it, before its cursor moves. */
final class WalkMain {
    static final String SCAN = "walking";
    static final String TABLES =
            "create table walking (id bigint primary key); create table walked (id bigint not null, page bigint not null)";
    static final int PAGE = 5;
    static final String HANDLED = "handled from ";
    static final String WRAPPED = "wrapped";
    static final String GO_ON = "go on";
    private static final Duration PAUSE = Duration.ofMillis(50);

    private WalkMain() {}

    static JavaProcess start(String url, Duration lease, boolean transactional) {
        return JavaProcess.start(WalkMain.class, url, lease.toString(), Boolean.toString(transactional));
    }

    /** The database's URL, the lease's length, and whether the cursor moves in the transaction of the page. */
    public static void main(String[] args) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (HikariDataSource pool = WorkerMain.pool(args[0]);
                JdbiPawl pawl = JdbiPawl.with(pool).name("walker").open()) {
            Jdbi jdbi = Jdbi.create(pool);
            SqlScan<Long> described = pawl.scan(SCAN, rows()).lease(Duration.parse(args[1]));
            Scan scan = Boolean.parseBoolean(args[2])
                    ? described.inTransaction((page, handle) -> handle(page, handle, commands))
                    : described.atLeastOnce(page -> jdbi.useHandle(handle -> handle(page, handle, commands)));
            while (!scan.lap().wrapped()) { // taken, for as long as the lease of one that was killed lasts
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            System.out.println(WRAPPED);
        }
    }

    private static SqlRows<Long> rows() {
        return SqlRows.select("select w.id from walking w")
                .by(asc("id"))
                .as(Long.class)
                .pagesOf(PAGE);
    }

    private static void handle(Page<Long> page, Handle handle, BufferedReader commands) throws IOException {
        long first = page.rows().get(0);
        for (long id : page.rows()) {
            handle.execute("insert into walked (id, page) values (?, ?)", id, first);
        }
        System.out.println(HANDLED + first);
        if (!GO_ON.equals(commands.readLine())) {
            throw new EOFException("nobody is there to tell it to go on");
        }
    }
}
