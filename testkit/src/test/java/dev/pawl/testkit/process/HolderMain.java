package dev.pawl.testkit.process;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Claims by hand, one job for each kind of write; makes the writes when it is told to go on, and says what came of them. */
final class HolderMain {
    static final int KINDS = 5;
    static final String HOLDING = "holding";

    private HolderMain() {}

    /** The database's URL, and the leases' length. */
    public static void main(String[] args) throws IOException {
        try (HikariDataSource pool = WorkerMain.pool(args[0]);
                JdbiPawl pawl = JdbiPawl.with(pool).name("frozen").open()) {
            List<ClaimedJob<Json>> jobs = pawl.jobs().claim(Steps.PIPELINE, KINDS, Duration.parse(args[1]));
            System.out.println(HOLDING);
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            say("checkpoint", () -> lost(() -> jobs.get(0).checkpoint(Steps.ONE)));
            say("progress", () -> lost(() -> jobs.get(1).saveProgress(Json.of("[1]"))));
            say("renewal", () -> lost(() -> jobs.get(2).renew()));
            say("failure", () -> jobs.get(3).fail(new IOException("late"), RetryPolicy.never()));
            say("release", () -> jobs.get(4).release());
        }
    }

    private static void say(String kind, Supplier<Optional<Refusal>> write) {
        String answer = write.get()
                .map(refusal -> refusal.reason() + " " + refusal.describe())
                .orElse("written");
        System.out.println(kind + ": " + answer);
    }

    private static Optional<Refusal> lost(Runnable write) {
        try {
            write.run();
            return Optional.empty();
        } catch (LeaseLostException lost) {
            return Optional.of(lost.refusal());
        }
    }
}
