package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule L5: a server whose clock differs from the workers' by an hour, either way, and a worker's clock that jumps. */
class ClockTest extends ProcessScene {
    private final ClockScene clocks = new ClockScene(this, Duration.ZERO);

    @BeforeEach
    void table() {
        sql().useHandle(handle -> handle.createScript("drop table if exists timed; " + TimedJobs.TABLE)
                .execute());
    }

    /** On every machine: Pawl's time in the database is told to be another than this process's. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    @SuppressWarnings("try") // the worker works while it is open
    void L5_a_server_whose_clock_differs_by_an_hour(int hours) {
        Duration ahead = Duration.ofHours(hours);
        ClockScene shifted = new ClockScene(this, ahead);
        JdbiPawl.Settings settings = JdbiPawl.with(dataSource());
        ((Timed) settings).time(() -> Optional.of(Instant.now().plus(ahead)));
        try (JdbiPawl pawl = settings.open()) {
            shifted.enqueue(pawl);
            try (Worker worker = TimedJobs.work(pawl, sql())) {
                shifted.check(pawl);
            }
        }
    }

    /** With libfaketime, where it is installed: the worker's process has another wall clock than the server. */
    @ParameterizedTest
    @ValueSource(strings = {"-1h", "+1h"})
    void L5_a_worker_whose_clock_differs_by_an_hour(String offset) throws Exception {
        clocks.enqueue(pawl());
        try (JavaProcess worker = JavaProcess.start(fakeTime("FAKETIME", offset), ClockMain.class, url())) {
            worker.awaitSaying(WorkerMain.READY);
            assertThat(hoursAhead(worker, 1)).as("what the worker thinks").isEqualTo(hours(offset));

            clocks.check(pawl());

            assertThat(hoursAhead(worker, 2)).isEqualTo(hours(offset));
        }
    }

    @Test
    void L5_a_workers_clock_that_jumps_an_hour_ahead_and_two_back(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("offset");
        set(file, "+0");
        Map<String, String> environment = fakeTime("FAKETIME_TIMESTAMP_FILE", file.toString());
        environment.put("FAKETIME_NO_CACHE", "1");
        clocks.enqueue(pawl());
        try (JavaProcess worker = JavaProcess.start(environment, ClockMain.class, url())) {
            worker.awaitSaying(WorkerMain.READY);
            assertThat(hoursAhead(worker, 1)).isZero();

            set(file, "+1h");
            assertThat(hoursAhead(worker, 2)).isEqualTo(1);
            set(file, "-1h");
            assertThat(hoursAhead(worker, 3)).isEqualTo(-1);

            clocks.check(pawl());
        }
    }

    private static Map<String, String> fakeTime(String variable, String value) throws IOException {
        Optional<Path> library = library();
        assumeThat(library)
                .as("libfaketime, of Debian's package faketime, is not installed under /usr/lib")
                .isPresent();
        Map<String, String> environment = new HashMap<>();
        environment.put("LD_PRELOAD", library.orElseThrow().toString());
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        environment.put(variable, value);
        return environment;
    }

    private static Optional<Path> library() throws IOException {
        try (Stream<Path> systems = Files.list(Path.of("/usr/lib"))) {
            return systems.map(system -> system.resolve("faketime/libfaketime.so.1"))
                    .filter(Files::isReadable)
                    .findFirst();
        }
    }

    /** At once, so that it is never read half written. */
    private static void set(Path file, String offset) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("fresh"), offset + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long hoursAhead(JavaProcess worker, int asked) {
        worker.tell(""); // one line, one answer
        Instant thinks = Instant.parse(worker.awaitSaying(ClockMain.TIME + asked + " "));
        return Math.round(Duration.between(Instant.now(), thinks).toMinutes() / 60.0);
    }

    private static long hours(String offset) {
        return Long.parseLong(offset.replace("h", ""));
    }
}
