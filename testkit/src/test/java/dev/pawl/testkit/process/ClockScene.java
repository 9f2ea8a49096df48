package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import java.time.Duration;
import java.util.List;

/**
 * Everything that goes by time, seen by the database's clock alone: what is enqueued with a delay, retried after a pause,
 * taken over from the dead, and kept while its handler runs for longer than the lease.
 */
final class ClockScene {
    static final Duration LEASE = Duration.ofMillis(1_500);
    static final Duration DELAY = Duration.ofSeconds(2);
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** So much later at most, on a machine that has more to do than this; far below the hour by which clocks differ. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final ProcessScene scene;
    private final Duration ahead;
    /** What is noted here is noted after it happened. */
    private static final Duration NOTED_LATE = Duration.ofMillis(800);

    private JobId delayed;
    private JobId abandoned;
    private JobId retried;
    private JobId lengthy;

    /**
     * For times of which those of Pawl's own are ahead.
     *
     * @param ahead by how much Pawl's idea of the database's time is ahead of the database's
     */
    ClockScene(ProcessScene scene, Duration ahead) {
        this.scene = scene;
        this.ahead = ahead;
    }

    /** Before the workers with the other clock start; by one whose clock may differ, too. */
    void enqueue(JdbiPawl pawl) {
        abandoned = enqueue(pawl, "", Duration.ZERO);
        assertThat(pawl.jobs().claim(TimedJobs.PIPELINE, 1, LEASE)).hasSize(1); // and never renewed
        note(abandoned, "claimed");
        retried = enqueue(pawl, TimedJobs.FAILS_ONCE, Duration.ZERO);
        lengthy = enqueue(pawl, TimedJobs.LENGTHY, Duration.ZERO);
        delayed = enqueue(pawl, "", DELAY);
    }

    List<JobId> jobs() {
        return List.of(abandoned, retried, lengthy, delayed);
    }

    void check(JdbiPawl pawl) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> jobs().stream()
                        .allMatch(id -> pawl.jobs().find(id).orElseThrow().status() == JobStatus.COMPLETED));
        assertThat(between("enqueued", "ran 1", delayed)).isBetween(DELAY.minus(NOTED_LATE), DELAY.plus(SLACK));
        assertThat(between("claimed", "ran 1", abandoned)).isBetween(LEASE.minus(NOTED_LATE), LEASE.plus(SLACK));
        assertThat(between("due 2", "ran 2", retried).plus(ahead)).isBetween(Duration.ZERO, SLACK);
        assertThat(between("ran 1", "due 2", retried).minus(ahead)).isBetween(Duration.ZERO, PAUSE.plus(SLACK));
        assertThat(pawl.jobs().failures(abandoned)).as("the one takeover").hasSize(1);
        assertThat(pawl.jobs().failures(lengthy)).as("leases lost by a clock").isEmpty();
        assertThat(pawl.jobs().failures(delayed)).isEmpty();
        assertThat(times("ran 1", lengthy)).isEqualTo(1);
    }

    private JobId enqueue(JdbiPawl pawl, String deed, Duration delay) {
        JobId id = pawl.jobs()
                .enqueue(NewJob.of(TimedJobs.PIPELINE, Json.of("\"" + deed + "\""))
                        .after(delay))
                .id();
        note(id, "enqueued");
        return id;
    }

    private void note(JobId id, String what) {
        TimedJobs.note(scene.sql(), id, what);
    }

    /** By the database's clock. */
    private Duration between(String from, String to, JobId id) {
        long micros = scene.sql()
                .withHandle(handle -> handle.select("""
                        select cast(extract(epoch from b.at - a.at) * 1000000 as bigint)
                          from timed a
                          join timed b
                            on b.job = a.job
                         where a.job = ?
                           and a.what = ?
                           and b.what = ?
                        """, id.uuid(), from, to)
                        .mapTo(long.class)
                        .one());
        return Duration.ofNanos(micros * 1_000);
    }

    private int times(String what, JobId id) {
        return scene.sql()
                .withHandle(handle -> handle.select(
                                "select count(*) from timed where job = ? and what = ?", id.uuid(), what)
                        .mapTo(int.class)
                        .one());
    }
}
