package dev.pawl.testkit.network;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.jdbc.SqlScan;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection of a walker is cut at each of the requests that a page takes, before and after the server has heard of it. */
@PawlTest
class ScanNetworkTest {
    private final List<Long> handled = new ArrayList<>();
    private boolean wasCut;
    private long cutAtRow = 3;
    private JdbiPawl pawl;
    private PostgresProxy network;
    private Jdbi sql;

    @BeforeEach
    void open(JdbiPawl behind, PostgresProxy proxy, DataSource direct) {
        pawl = behind;
        network = proxy;
        sql = Jdbi.create(direct);
        sql.useHandle(handle -> handle.createScript("""
                        drop table if exists walking;
                        drop table if exists walked;
                        create table walking (id bigint primary key);
                        create table walked (id bigint);
                        insert into walking select generate_series(1, 5)
                        """).execute());
    }

    @AfterEach
    void every_cut_has_come() {
        assertThat(network.cutsToCome()).isZero();
    }

    private SqlScan<Long> scan() {
        return pawl.scan(
                "walking",
                SqlRows.select("select w.id from walking w")
                        .by(asc("id"))
                        .as(Long.class)
                        .pagesOf(2));
    }

    /** Its first try at the page of the third row, unless a test says another, loses the connection. */
    private Scan atLeastOnce(Runnable cut) {
        return scan().atLeastOnce(page -> {
            cutAt(page, cut);
            handled.addAll(page.rows());
        });
    }

    private Scan inTransaction(Runnable cut) {
        return scan().inTransaction((page, handle) -> {
            insert(page, handle);
            cutAt(page, cut);
            handled.addAll(page.rows());
        });
    }

    private void cutAt(Page<Long> page, Runnable cut) {
        if (page.rows().contains(cutAtRow) && !wasCut) {
            wasCut = true;
            cut.run();
        }
    }

    private static void insert(Page<Long> page, Handle handle) {
        page.rows().forEach(id -> handle.execute("insert into walked (id) values (?)", id));
    }

    private List<Long> walked() {
        return sql.withHandle(handle -> handle.select("select id from walked order by id")
                .mapTo(Long.class)
                .list());
    }

    private ScanState state() {
        return pawl.scans().find("walking").orElseThrow();
    }

    @Test
    void a_move_whose_answer_is_lost_is_found_to_have_been_made() {
        assertThat(atLeastOnce(network::cutAfterCommit).lap().stop()).isEqualTo(Stop.WRAPPED);

        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(state().lastLapRows()).isEqualTo(5);
    }

    @Test
    void a_move_that_the_server_never_heard_of_is_made_again() {
        assertThat(atLeastOnce(network::cutBeforeCommit).lap().stop()).isEqualTo(Stop.WRAPPED);

        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_page_whose_commit_was_not_answered_is_handled_once() {
        Scan scan = inTransaction(network::cutAfterCommit);

        StoreException lost = catchThrowableOfType(StoreException.class, scan::lap);
        assertThat(lost.mayHaveHappened()).isTrue();
        assertThat(state().failed()).isEmpty();

        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(walked()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_page_whose_commit_the_server_never_heard_of_is_handled_again_and_its_rows_are_there_once() {
        Scan scan = inTransaction(network::cutBeforeCommit);

        assertThat(catchThrowableOfType(StoreException.class, scan::lap)).isNotNull();

        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 3L, 4L, 5L);
        assertThat(walked()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    /** The lap's last page is written and committed by statements of its own. */
    @Test
    void a_lap_whose_last_commit_was_not_answered_has_ended() {
        cutAtRow = 5;

        StoreException lost = catchThrowableOfType(StoreException.class, inTransaction(network::cutAfterCommit)::lap);

        assertThat(lost.mayHaveHappened()).isTrue();
        assertThat(state().failed()).isEmpty();
        assertThat(state().lap().number()).isEqualTo(2);
        assertThat(state().lastLapRows()).isEqualTo(5);
        assertThat(walked()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_lap_whose_last_commit_the_server_never_heard_of_ends_with_the_next_walk() {
        cutAtRow = 5;
        Scan scan = inTransaction(network::cutBeforeCommit);

        StoreException lost = catchThrowableOfType(StoreException.class, scan::lap);

        assertThat(lost.mayHaveHappened()).as("nobody knows").isTrue();
        assertThat(state().lap().number()).isEqualTo(1);
        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L, 5L);
        assertThat(walked()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_connection_that_is_lost_before_a_page_is_read_is_no_fault_of_the_page() {
        isNoFaultOfThePage(
                StoreException.Kind.UNREACHABLE, inTransaction(() -> network.cutBefore("limit 3")), 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void nor_is_one_that_is_lost_when_it_was_read() {
        isNoFaultOfThePage(
                StoreException.Kind.UNREACHABLE,
                atLeastOnce(() -> network.cutAfterCommitOf("from walking")),
                1L,
                2L,
                3L,
                4L,
                5L);
    }

    @Test
    void nor_is_one_that_is_lost_in_the_handling() {
        isNoFaultOfThePage(
                StoreException.Kind.UNREACHABLE,
                scan().inTransaction((page, handle) -> {
                    cutAt(page, () -> network.cutBefore("insert into walked"));
                    insert(page, handle);
                    handled.addAll(page.rows());
                }),
                1L,
                2L,
                3L,
                4L,
                5L);
    }

    /** With the move comes the commit, so that nobody knows whether it was made. */
    @Test
    void nor_is_one_that_is_lost_before_the_cursor_is_moved() {
        isNoFaultOfThePage(
                StoreException.Kind.ANSWER_LOST,
                inTransaction(() -> network.cutBefore("set step = step + 1")),
                1L,
                2L,
                3L,
                4L,
                3L,
                4L,
                5L);
    }

    private void isNoFaultOfThePage(StoreException.Kind kind, Scan scan, Long... rows) {
        assertThat(catchThrowableOfType(StoreException.class, scan::lap).kind()).isEqualTo(kind);
        assertThat(state().failed()).isEmpty();

        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(handled).containsExactly(rows);
        assertThat(state().lastLapRows()).isEqualTo(5);
        assertThat(walked()).doesNotHaveDuplicates();
    }
}
