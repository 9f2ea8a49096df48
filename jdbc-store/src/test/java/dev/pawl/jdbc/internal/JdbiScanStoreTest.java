package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is particular to scans in PostgreSQL; the rules are tested by the contract. */
class JdbiScanStoreTest {
    private static final Fence FENCE = new Fence(new FencingToken(7), "walker#1");
    private static final String KEYSET = "created_at timestamptz desc nulls first, id uuid desc nulls first";
    private static final Json END = Json.of("[\"2026-02-16T08:00:00.000001+00:00\", null]");

    private static Postgres.Fixture fixture;
    private static JdbiScanStore scans;

    private final String name = "scan-" + UUID.randomUUID();

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
        scans = new JdbiScanStore(fixture.database());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void what_is_written_is_what_is_read_to_the_letter_and_the_microsecond() {
        ScanState opened = written(new ScanWrite.Open(name, FENCE, KEYSET, false));
        ScanState begun = written(new ScanWrite.Begin(name, FENCE, opened.step(), Optional.of(END), Optional.empty()));
        ScanState moved = written(new ScanWrite.Move(name, FENCE, begun.step(), Optional.of(END), 3, true));
        ScanState unreadable = written(new ScanWrite.Fail(
                name, FENCE, moved.step(), Optional.empty(), ErrorInfo.of("no column"), Duration.ofMillis(5), false));
        ScanState failed = written(new ScanWrite.Fail(
                name,
                FENCE,
                moved.step(),
                Optional.of(new FailedPage.Bounds(Json.of("[ 1.50 ]"), 2, false)),
                ErrorInfo.of(new IllegalStateException("no more")),
                Duration.ofSeconds(5),
                true));
        written(new ScanWrite.Nudge(name));
        FailedPage page = failed.failed().orElseThrow();
        ScanState skipped = written(new ScanWrite.Skip(page, Actor.user("ann")));

        assertThat(moved.lap().cursor()).contains(END);
        assertThat(unreadable.failed().orElseThrow().bounds()).isEmpty();
        assertThat(page.error()).isEqualTo("java.lang.IllegalStateException: no more");
        assertThat(skipped.lap().number()).isEqualTo(2);
        assertThat(scans.skipped(name, 10))
                .extracting(SkippedPage::page, SkippedPage::by)
                .containsExactly(tuple(page, Actor.user("ann")));
    }

    private ScanState written(ScanWrite write) {
        ScanAnswer answer = scans.write(write);
        assertThat(answer).isInstanceOf(ScanAnswer.Done.class);
        ScanState state = ((ScanAnswer.Done) answer).scan();
        assertThat(scans.find(name).orElseThrow().scan()).isEqualTo(state);
        assertThat(scans.all()).contains(state);
        return state;
    }

    @Test
    void of_many_that_create_a_scan_the_highest_token_has_it() throws Exception {
        CyclicBarrier together = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<ScanAnswer>> openers = IntStream.rangeClosed(1, 8)
                    .mapToObj(token -> (Callable<ScanAnswer>) () -> {
                        together.await();
                        Fence fence = new Fence(new FencingToken(token), "walker#" + token);
                        return scans.write(new ScanWrite.Open(name, fence, KEYSET, false));
                    })
                    .toList();
            Set<Class<?>> answers = threads.invokeAll(openers).stream()
                    .map(JdbiScanStoreTest::joined)
                    .map(Object::getClass)
                    .collect(Collectors.toSet());

            assertThat(answers).isSubsetOf(ScanAnswer.Done.class, ScanAnswer.Refused.class);
            assertThat(scans.find(name).orElseThrow().scan().token()).isEqualTo(new FencingToken(8));
        } finally {
            threads.shutdown();
        }
    }

    private static ScanAnswer joined(Future<ScanAnswer> future) {
        try {
            return future.get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void a_scan_whose_row_somebody_holds_is_busy_and_not_lost() throws SQLException {
        scans.write(new ScanWrite.Open(name, FENCE, KEYSET, false));
        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("select 1 from " + fixture.schema() + ".scan where name = '" + name + "' for update");

            assertThat(scans.write(new ScanWrite.Nudge(name))).isInstanceOf(ScanAnswer.Busy.class);
            assertThat(scans.find(name).orElseThrow().scan().nudgedAt()).isEmpty();
            other.rollback();
        }
    }
}
