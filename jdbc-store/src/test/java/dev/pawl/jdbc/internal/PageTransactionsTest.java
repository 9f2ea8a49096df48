package dev.pawl.jdbc.internal;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.KeyColumn;
import dev.pawl.scan.Page;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import dev.pawl.store.UnmappedPageException;
import dev.pawl.worker.ReadPage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * A page in one transaction with its cursor, whose beginning comes along with the page's rows, and whose commit with the cursor's move;
 * on a pool of one connection, so that none is ever held beside another. The role's defaults are all wrong.
 */
class PageTransactionsTest {
    private static final String SCAN = "walk";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Fence FENCE = new Fence(new FencingToken(7), "walker#1");
    private static final Fence THIEF = new Fence(new FencingToken(8), "thief#1");
    private static final RowMapper<Long> NUMBER = (row, context) -> row.getLong("n");

    private Postgres.Fixture fixture;
    private JdbiScanStore scans;
    private HikariDataSource pool;
    private Database database;
    private Jdbi theirs;
    private ScanState begun;

    @BeforeEach
    void begin() throws SQLException {
        fixture = Postgres.migrated();
        scans = new JdbiScanStore(fixture.database());
        execute("""
                        create table row (n bigint primary key, kind int not null);
                        insert into row select n, n / 3 from generate_series(1, 5) n;
                        create table seen (n bigint);
                        create table how (what text);
                        create function look() returns trigger language plpgsql as $$
                          begin
                            insert into how values (current_setting('synchronous_commit'));
                            return null;
                          end
                        $$;
                        create constraint trigger look after insert on seen deferrable initially deferred
                          for each row execute function look();
                        """);
        pool = Postgres.pool(Postgres.dataSource(careless()), 1);
        database = Database.of(pool, new SchemaName(fixture.schema()));
        theirs = Jdbi.create(pool);
        begun = done(scans.write(new ScanWrite.Open(SCAN, FENCE, "n", false)));
        begun = done(scans.write(
                new ScanWrite.Begin(SCAN, FENCE, begun.step(), Optional.of(Json.of("[\"5\"]")), Optional.empty())));
    }

    @AfterEach
    void close() {
        pool.close();
        fixture.close();
    }

    private void execute(String sql) {
        fixture.sql().useHandle(handle -> Postgres.execute(handle.getConnection(), sql));
    }

    private String careless() throws SQLException {
        String role = Postgres.newSchema();
        try (Connection connection = DriverManager.getConnection(Postgres.url())) {
            Postgres.execute(connection, """
                    create role <role> superuser login;
                    alter role <role> set search_path = <schema>;
                    alter role <role> set synchronous_commit = off;
                    alter role <role> set default_transaction_isolation = serializable;
                    alter role <role> set default_transaction_read_only = on;
                    """.replace("<role>", role).replace("<schema>", fixture.schema()));
        }
        return role;
    }

    private static ScanState done(ScanAnswer answer) {
        assertThat(answer).isInstanceOf(ScanAnswer.Done.class);
        return ((ScanAnswer.Done) answer).scan();
    }

    private PageTransactions<Long> pages(Duration fresh, PageTransactions.Body<Long> body) {
        return new PageTransactions<>(database, theirs::open, LEASE, body, fresh);
    }

    private PageTransactions<Long> pages(PageTransactions.Body<Long> body) {
        return pages(LONG, body);
    }

    private SqlRowSource<Long> rows(RowMapper<Long> mapper, KeyColumn... order) {
        return new SqlRowSource<>(
                RowsQuery.of("select * from row", mapper).by(List.of(order)).pagesOf(2), theirs::open);
    }

    private ReadPage<Long> first(PageTransactions<Long> pages, RowMapper<Long> mapper) {
        return pages.read(rows(mapper, asc("n")), begun);
    }

    private ScanState standing(String cursor, String end) {
        fixture.sql()
                .useHandle(handle -> handle.execute(
                        "update scan set cursor = cast(? as json), lap_end = cast(? as json) where name = ?",
                        cursor,
                        end,
                        SCAN));
        return state();
    }

    private ScanAnswer walk(PageTransactions.Body<Long> body) throws Exception {
        PageTransactions<Long> pages = pages(body);
        try (ReadPage<Long> page = first(pages, NUMBER)) {
            return page.handle(page(page), move(page));
        }
    }

    private static Page<Long> page(ReadPage<Long> read) {
        return new Page<>(read.slice().rows(), read.slice().hasSuccessor(), 1, 1, FENCE.token());
    }

    private ScanWrite.Move move(ReadPage<Long> read) {
        return new ScanWrite.Move(
                SCAN,
                FENCE,
                begun.step(),
                read.slice().last(),
                read.slice().rows().size(),
                read.slice().hasSuccessor());
    }

    private static void note(Page<Long> page, Handle handle) {
        page.rows().forEach(n -> handle.execute("insert into seen values (?)", n));
    }

    private List<Long> seen() {
        return fixture.sql()
                .withHandle(handle -> handle.select("select n from seen order by n")
                        .mapTo(Long.class)
                        .list());
    }

    private ScanState state() {
        return scans.find(SCAN).orElseThrow().scan();
    }

    /** The only connection is there, and nothing is open on it. */
    private void isGivenBack() {
        try (Connection same = pool.getConnection();
                var statement = same.createStatement();
                var row = statement.executeQuery("select current_setting('transaction_isolation')")) {
            assertThat(same.getAutoCommit()).isTrue();
            assertThat(same.getNetworkTimeout()).isZero();
            row.next();
            assertThat(row.getString(1)).as("of the session").isEqualTo("serializable");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void S5_J8_rows_and_cursor_are_one_durable_commit_whatever_the_defaults_are() throws Exception {
        ScanAnswer answer = walk((page, handle) -> {
            assertThat(handle.select(
                                    "select current_setting('transaction_isolation') || ' '"
                                            + " || current_setting('transaction_read_only') || ' '"
                                            + " || current_setting('enable_bitmapscan') || ' ' || current_setting('plan_cache_mode')")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("read committed off on auto");
            handle.execute("set local synchronous_commit = off");
            note(page, handle);
        });

        assertThat(done(answer)).isEqualTo(state());
        assertThat(state().lap().cursor()).contains(Json.of("[\"2\"]"));
        assertThat(state().step()).isEqualTo(begun.step() + 1);
        assertThat(seen()).containsExactly(1L, 2L);
        List<String> atTheCommit = fixture.sql()
                .withHandle(handle -> handle.select("select distinct what from how")
                        .mapTo(String.class)
                        .list());
        assertThat(atTheCommit).containsExactly("on");
        isGivenBack();
    }

    @Test
    void S7_a_walker_whose_lease_was_lost_in_the_handling_commits_nothing_and_is_told_why() throws Exception {
        ScanAnswer answer = walk((page, handle) -> {
            note(page, handle);
            assertThat(scans.write(new ScanWrite.Open(SCAN, THIEF, "n", false))).isInstanceOf(ScanAnswer.Done.class);
        });

        assertThat(answer).isInstanceOf(ScanAnswer.Refused.class);
        assertThat(((ScanAnswer.Refused) answer).refusal()).isInstanceOf(Refusal.Superseded.class);
        assertThat(seen()).isEmpty();
        assertThat(state().lap()).isEqualTo(begun.lap());
        assertThat(state().holder()).contains(THIEF.holder());
        isGivenBack();
    }

    /** By an update that waits for the thief's, and finds itself replaced when that is there. */
    @Test
    void S7_also_if_it_is_lost_while_the_move_waits_for_the_row() throws Exception {
        try (Connection thief = fixture.pool().getConnection()) {
            thief.setAutoCommit(false);
            new JdbiScanStore(fixture.database(), thief).write(new ScanWrite.Open(SCAN, THIEF, "n", false));
            int holder = process(thief);
            Thread commits = new Thread(() -> {
                awaitWaiter(holder);
                commit(thief);
            });
            commits.start();

            ScanAnswer answer = walk(PageTransactionsTest::note);

            commits.join();
            assertThat(answer).isInstanceOf(ScanAnswer.Refused.class);
        }
        assertThat(seen()).isEmpty();
        assertThat(state().lap()).isEqualTo(begun.lap());
        isGivenBack();
    }

    private void awaitWaiter(int holder) {
        fixture.sql().useHandle(handle -> {
            while (handle.select("select count(*) from pg_stat_activity where ? = any(pg_blocking_pids(pid))", holder)
                            .mapTo(int.class)
                            .one()
                    == 0) {
                Thread.onSpinWait();
            }
        });
    }

    private static int process(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void a_page_that_an_earlier_transaction_has_handled_is_not_handled_twice() throws Exception {
        PageTransactions<Long> pages = pages(PageTransactionsTest::note);
        try (ReadPage<Long> once = first(pages, NUMBER)) {
            once.handle(page(once), move(once));
        }

        try (ReadPage<Long> again = first(pages, NUMBER)) {
            ScanAnswer answer = again.handle(page(again), move(again));

            assertThat(answer).isInstanceOf(ScanAnswer.Done.class);
            assertThat(((ScanAnswer.Done) answer).repeated()).isTrue();
            assertThat(done(answer)).isEqualTo(state());
        }
        assertThat(seen()).containsExactly(1L, 2L);
        isGivenBack();
    }

    @Test
    void a_handling_that_throws_leaves_nothing() {
        assertThatThrownBy(() -> walk((page, handle) -> {
                    note(page, handle);
                    throw new IllegalAccessException("no");
                }))
                .isInstanceOf(IllegalAccessException.class);

        assertThat(seen()).isEmpty();
        assertThat(state()).isEqualTo(begun);
        isGivenBack();
    }

    @Test
    void a_handling_that_swallows_a_failed_statement_can_not_commit() {
        assertThatThrownBy(() -> walk((page, handle) -> {
                    note(page, handle);
                    assertThatThrownBy(() -> handle.execute("select 1 / 0")).isNotNull();
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("25P02");

        assertThat(seen()).isEmpty();
        assertThat(state()).isEqualTo(begun);
        isGivenBack();
    }

    @Test
    void a_handling_that_ends_the_transaction_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> walk((page, handle) -> handle.commit()))
                .withMessageContaining("auto-commit");

        assertThat(state()).isEqualTo(begun);
        isGivenBack();
    }

    /** It answers with the code that a move answers with which was refused; but this one was not. */
    @Test
    void what_fails_at_the_commit_is_the_pages_failure() {
        execute("""
                        create or replace function look() returns trigger language plpgsql as $$
                          begin
                            return cast('no number' as int);
                          end
                        $$;
                        """);

        StoreException failure = catchThrowableOfType(StoreException.class, () -> walk(PageTransactionsTest::note));

        assertThat(failure).hasMessageContaining("no number");
        assertThat(failure.kind()).isEqualTo(StoreException.Kind.FAILED);
        assertThat(seen()).isEmpty();
        assertThat(state()).isEqualTo(begun);
        isGivenBack();
    }

    @Test
    void a_page_that_is_not_handled_leaves_nothing_open() {
        first(pages(PageTransactionsTest::note), NUMBER).close();

        isGivenBack();
    }

    @Test
    void nor_does_one_without_rows() {
        PageTransactions<Long> pages = pages(PageTransactionsTest::note);

        ReadPage<Long> page = pages.read(rows(NUMBER, asc("n")), standing("[\"5\"]", "[\"5\"]"));

        assertThat(page.slice().rows()).isEmpty();
        isGivenBack();
        page.close(); // once more
    }

    @Test
    void nor_does_one_whose_rows_can_not_be_made_and_where_it_ends_is_known() {
        RowMapper<Long> broken = (row, context) -> {
            if (row.getLong("n") == 1) {
                throw new SQLException("no such thing");
            }
            return row.getLong("n");
        };

        UnmappedPageException unmapped = catchThrowableOfType(
                UnmappedPageException.class, () -> first(pages(PageTransactionsTest::note), broken));

        assertThat(unmapped.bounds()).isEqualTo(new FailedPage.Bounds(Json.of("[\"2\"]"), 2, true));
        assertThat(unmapped.why()).isInstanceOf(SQLException.class).hasMessage("no such thing");
        isGivenBack();
    }

    @Test
    void nor_does_one_that_can_not_be_read() {
        SqlRowSource<Long> gone = rows(NUMBER, asc("n"));
        gone.keyset();
        fixture.sql().useHandle(handle -> handle.execute("drop table row"));

        assertThatThrownBy(() -> pages(PageTransactionsTest::note).read(gone, begun))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("row");
        isGivenBack();
    }

    /** In directions that one statement does not serve. */
    @Test
    void a_page_of_several_statements_is_handled_like_any_other() throws Exception {
        PageTransactions<Long> pages = pages(PageTransactionsTest::note);
        ScanState scan = standing("[\"1\", \"4\"]", "[\"0\", \"2\"]");
        try (ReadPage<Long> page = pages.read(rows(NUMBER, desc("kind"), asc("n")), scan)) {
            assertThat(page.slice().rows()).containsExactly(5L, 1L);

            assertThat(done(page.handle(page(page), move(page)))).isEqualTo(state());
        }
        assertThat(seen()).containsExactly(1L, 5L);
        isGivenBack();
    }

    /** The database may have ended what was idle while the rows were made. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_page_whose_rows_took_long_has_a_transaction_that_has_begun_after_them(boolean late) throws Exception {
        String[] made = {""};
        boolean[] begunBefore = {false};
        RowMapper<Long> mapper = (row, context) -> {
            made[0] = fixture.sql()
                    .withHandle(handle -> handle.select("select cast(clock_timestamp() as text)")
                            .mapTo(String.class)
                            .one());
            return row.getLong("n");
        };
        PageTransactions<Long> pages = pages(late ? Duration.ZERO : LONG, (page, handle) -> {
            begunBefore[0] = handle.select("select now() < cast(? as timestamptz)", made[0])
                    .mapTo(boolean.class)
                    .one();
            note(page, handle);
        });

        try (ReadPage<Long> page = first(pages, mapper)) {
            done(page.handle(page(page), move(page)));
        }

        assertThat(begunBefore[0]).isEqualTo(!late);
        assertThat(seen()).containsExactly(1L, 2L);
        isGivenBack();
    }
}
