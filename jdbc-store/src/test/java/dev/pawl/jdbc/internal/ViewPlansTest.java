package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Counting;
import dev.pawl.store.Position;
import dev.pawl.store.RollUp;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore.Found;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import dev.pawl.view.StatsQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a view reads is bounded by what it shows, or by what it was told to look at, and never by how many jobs there are: whatever the
 * planner last counted, and whatever a filter asks for.
 */
@Execution(ExecutionMode.SAME_THREAD)
class ViewPlansTest {
    private static final int CHILDREN = 5_000;
    private static final int LIMIT = 20;
    private static final int EXAMINE = 500;
    private static final int UNTIL_A_PLAN_IS_KEPT = 12;

    /** Walks over queues, priorities and fan-outs end with rows that are none. */
    private static final int ENDS_OF_WALKS = 30;

    private static final JobId WIDE = new JobId("q", UUID.fromString("ffffffff-0000-7000-8000-000000000000"));

    private final ViewTables tables = new ViewTables(WIDE, CHILDREN);
    private Postgres.Fixture fixture;
    private Connection connection;
    private Explained explained;
    private JdbiViewStore store;
    private Instant now;

    @BeforeEach
    void open() throws SQLException {
        fixture = Postgres.migrated();
        connection = Postgres.dataSource().getConnection();
        explained = new Explained(fixture.database(), connection, false);
        store = new JdbiViewStore(fixture.database(), explained);
        now = fixture.sql()
                .withHandle(handle ->
                        handle.select("select now()").mapTo(Instant.class).one());
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        fixture.close();
    }

    @Test
    void on_tables_that_were_empty_and_are_full_now() {
        tables.count(fixture);
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyView(false);
        }
        tables.fill(fixture);

        everyView(true);
    }

    @Test
    void on_full_tables_that_the_planner_has_counted() {
        tables.fill(fixture);
        tables.count(fixture);
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyView(i == UNTIL_A_PLAN_IS_KEPT - 1);
        }
    }

    private void everyView(boolean bounded) {
        JobId some = tables.some();
        reads(bounded, 2, 200, () -> store.jobs(List.of(some), LIMIT));
        reads(bounded, 2, 200, () -> store.past(some, LIMIT));
        reads(bounded, 1_100 + LIMIT, 8_000, () -> store.jobs(List.of(WIDE), LIMIT));
        reads(bounded, 1_100 + LIMIT, 8_000, () -> store.past(WIDE, LIMIT));
        everyListing(bounded);
        // each row once in the table, and twice among those that were found there
        reads(bounded, 3 * (3L * (EXAMINE + 1) + 20), 8_000, () -> store.active(Optional.of("q"), LIMIT, EXAMINE));
        reads(bounded, 3 * (10L * (EXAMINE + 1) + 100), 16_000, () -> store.active(Optional.empty(), LIMIT, EXAMINE));
        reads(bounded, 10L * (EXAMINE + 1) + 100, 16_000, () -> store.queues(EXAMINE));
        for (Set<JobStatus> anyOf : List.of(Set.<JobStatus>of(), Set.of(JobStatus.FAILED))) {
            reads(
                    bounded,
                    3L * EXAMINE + 2,
                    6_000,
                    () -> store.children(WIDE, new FencingToken(7), anyOf, Optional.of("key 2"), LIMIT, EXAMINE));
        }
        reads(bounded, 200, 4_000, () -> Counting.read(store.tallies(), StatsQuery.last(Duration.ofHours(24))));
    }

    /** What it may look at of the jobs' table, beside the names of queues. */
    private static final long NAMES = 10;

    private void everyListing(boolean bounded) {
        JobFilter all = JobFilter.all();
        JobFilter here = all.queue("q");
        Instant then = now.minus(Duration.ofDays(3));
        Map<JobFilter, Long> found = Map.of(
                all,
                4L * (LIMIT + 1),
                here,
                LIMIT + 1L,
                here.status(JobStatus.FAILED),
                LIMIT + 1L,
                here.status(JobStatus.FAILED, JobStatus.CANCELLED),
                LIMIT + 1L,
                here.triggeredBy(Actor.user("ann")),
                LIMIT + 1L,
                here.triggeredBy(Actor.user("nobody")),
                0L,
                here.endedBetween(then, then.plus(Duration.ofDays(1))),
                LIMIT + 1L,
                here.endedBetween(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2))),
                0L);
        found.forEach((filter, rows) -> listing(bounded, filter, rows + NAMES));
        List.of(
                        here.pipeline("none"),
                        here.status(JobStatus.RUNNING),
                        here.status(JobStatus.PENDING, JobStatus.FAILED),
                        here.triggeredBy(Actor.SYSTEM).pipeline("none"),
                        here.triggeredByAnyUser().pipeline("none"),
                        here.triggeredBy(Actor.user("ann")).pipeline("none"),
                        here.triggeredBy(Actor.user("ann")).status(JobStatus.CANCELLED),
                        here.status(JobStatus.FAILED).pipeline("none"),
                        here.rootsOnly().pipeline("none"),
                        here.enqueuedBetween(then, then),
                        here.endedBetween(then, now).pipeline("none"),
                        here.endedBetween(then, now).status(JobStatus.FAILED).triggeredBy(Actor.user("bob")))
                .forEach(filter -> listing(bounded, filter, 3L * EXAMINE + NAMES));
    }

    /** The first page, and one from the middle on. */
    private void listing(boolean bounded, JobFilter filter, long rows) {
        search(bounded, rows, new Search(filter, Optional.empty(), LIMIT, EXAMINE));
        Position middle = new Position(
                filter.ended()
                        .map(span -> span.from()
                                .plus(Duration.between(span.from(), span.to()).dividedBy(2))),
                tables.some());
        search(bounded, rows, new Search(filter, Optional.of(middle), LIMIT, EXAMINE));
    }

    private void search(boolean bounded, long rows, Search search) {
        reads(bounded, rows, 8 * rows + 400, () -> {
            Found found = store.search(search);
            assertThat(found.rows()).extracting(JobSummary::id).doesNotHaveDuplicates();
        });
    }

    /** Rows that a filter throws away count once as they come from the index and once as they go. The second time, when the session has its catalog at hand. */
    private void reads(boolean bounded, long rows, long pages, Runnable view) {
        view.run();
        if (!bounded) {
            return;
        }
        view.run();
        String plans = String.join("\n", explained.plans());
        assertThat(explained.plans()).isNotEmpty();
        assertThat(plans)
                .doesNotContain("Seq Scan on job")
                .doesNotContain("Seq Scan on checkpoint")
                .doesNotContain("Seq Scan on tally")
                .doesNotContain("Bitmap Heap Scan")
                .doesNotContain("Hash Join");
        assertThat(explained.rowsRead()).as(plans).isLessThanOrEqualTo(rows + ENDS_OF_WALKS);
        assertThat(explained.pages()).as(plans).isLessThanOrEqualTo((int) pages);
    }

    /** The index has their entries still, before those of the jobs that are there. */
    @Test
    void what_was_drained_since_the_last_vacuum_is_gone_over_once() {
        int index = fixture.sql().withHandle(handle -> {
            handle.execute("alter table job set (autovacuum_enabled = false)");
            ViewTables.pending(handle, "q", 50_000, "now() + interval '1 ms' * (n - 100000)");
            handle.execute("analyze job");
            handle.execute("delete from job where due_at < (select max(due_at) from job) - interval '10 ms'");
            return handle.select("select pg_relation_size('job_due') / 8192")
                    .mapTo(Integer.class)
                    .one();
        });
        assertThat(index).isGreaterThan(300);

        for (Runnable view :
                List.<Runnable>of(() -> store.queues(EXAMINE), () -> store.active(Optional.of("q"), LIMIT, EXAMINE))) {
            view.run(); // finds them gone, and notes it in the index
            view.run();
            assertThat(explained.pages())
                    .as(String.join("\n", explained.plans()))
                    .isLessThanOrEqualTo(index + 150);
        }
    }

    /** Both looks of a page of ends. */
    @Test
    void what_is_counted_is_read_once_for_each_look() throws SQLException {
        tables.fill(fixture);
        fixture.sql().useHandle(handle -> handle.execute("delete from tally_mark"));
        Explained writing = new Explained(fixture.database(), connection, true);
        JdbiTallyStore tallies = new JdbiTallyStore(fixture.database(), explained, writing);
        int page = 5_000;

        for (int i = 0; i < 3; i++) {
            assertThat(RollUp.step(tallies, "q")).isTrue();
            assertThat(writing.plans())
                    .allSatisfy(plan ->
                            assertThat(plan).doesNotContain("Seq Scan on job").doesNotContain("Hash Join"));
            assertThat(writing.rowsRead())
                    .as(String.join("\n", writing.plans()))
                    .isLessThanOrEqualTo(page);
            assertThat(writing.pages()).isLessThan(page * 10 + 2_000);
        }
    }
}
