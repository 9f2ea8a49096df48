package dev.pawl.testkit.process;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.lease.Leases.Term;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Campaigns, and says when it leads, and when it does no more. */
final class LeaderMain {
    static final String NAME = "mailer";
    static final String LEADS = "leads under ";
    static final String OVER = "interrupted, current: ";
    static final String LOOKED = "looked, current: ";

    private LeaderMain() {}

    /** The database's URL, and the lease's length; each line that it is told makes it look at its first term. */
    public static void main(String[] args) throws IOException {
        CountDownLatch led = new CountDownLatch(1);
        Term[] first = new Term[1];
        try (HikariDataSource pool = WorkerMain.pool(args[0]);
                JdbiPawl pawl = JdbiPawl.with(pool).name("leader").open()) {
            pawl.leases().lead(NAME, Duration.parse(args[1]), term -> {
                if (led.getCount() > 0) {
                    first[0] = term;
                    led.countDown();
                }
                System.out.println(LEADS + term.token());
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException over) {
                    System.out.println(OVER + term.isCurrent());
                    throw over;
                }
            });
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (lines.readLine() != null) {
                System.out.println(LOOKED + first[0].isCurrent());
            }
        }
    }
}
