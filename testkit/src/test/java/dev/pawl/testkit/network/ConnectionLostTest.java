package dev.pawl.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection is lost, in each phase of each thing that an application asks for: the error says what, and whether it may
 * have happened; nothing is half written; and the same call, repeated, does it once.
 */
@PawlTest
class ConnectionLostTest {
    static final Stage<String> WRITE = Stage.named("write", String.class);
    static final Pipeline<String, Void> MAIL =
            Pipeline.named("mail", String.class).then(WRITE).then(Stage.named("send"));
    static final JobId SECOND = new JobId("mail", UUID.fromString("01900000-0000-7000-8000-000000000002"));

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final String REPEAT = "the connection was lost, and the transaction with it: repeat that";
    private static final String EVERYTHING = """
            select concat_ws(' ',
                             (select string_agg(concat_ws(',', key, status, stage, attempt, progress_no, result, holder is null), ' '
                                                order by enqueued_at)
                                from pawl.job),
                             (select string_agg(concat_ws(',', stage, result), ' ' order by stage) from pawl.checkpoint),
                             (select string_agg(concat_ws(',', kind, stage), ' ' order by id) from pawl.failure))
            """;

    private static final String OPEN_TRANSACTIONS = """
            select count(*)
              from pg_stat_activity
             where datname = current_database()
               and xact_start is not null
               and pid <> pg_backend_pid()
            """;

    private PostgresProxy network;
    private Jdbi direct;
    private DataSource connections;
    private JdbiPawl pawl;
    private ClaimedJob<String> job;

    /** Without a pool, so that each call is made on a connection of its own. */
    @BeforeEach
    void open(JdbiPawl pooled, PostgresProxy proxy, DataSource source) throws SQLException {
        network = proxy;
        direct = Jdbi.create(source);
        connections = Unpooled.through(source, proxy);
        pawl = JdbiPawl.with(connections).codec(new JacksonCodec()).open();
        pawl.jobs().enqueue(NewJob.of(MAIL, "first"));
        job = pawl.jobs().claim(MAIL, 1, LEASE).get(0);
        pawl.jobs().enqueue(NewJob.of(MAIL, "to be claimed"));
    }

    @AfterEach
    void every_cut_has_come() {
        assertThat(network.cutsToCome()).isZero();
        pawl.close();
    }

    @ParameterizedTest
    @EnumSource
    void at_the_connect_nothing_is_written(Operation operation) {
        network.refuse();
        assertNotWritten(operation, "is the server running, and are host and port of the JDBC URL right?");
    }

    @ParameterizedTest
    @EnumSource
    void at_the_begin_nothing_is_written(Operation operation) {
        network.cutBefore(Sql.SETTINGS);
        assertNotWritten(operation, REPEAT);
    }

    @ParameterizedTest
    @EnumSource
    void at_the_statement_nothing_is_written(Operation operation) {
        network.cutBefore(operation.statement());
        assertNotWritten(operation, REPEAT);
    }

    private void assertNotWritten(Operation operation, String whatToDo) {
        String before = everything();

        assertThatStoreFails(Kind.UNREACHABLE, () -> operation.call(pawl, job))
                .hasMessageStartingWith("could not " + operation.words())
                .hasMessageContaining(whatToDo)
                .hasMessageEndingWith("Nothing was written");

        network.restore();
        assertThat(everything()).isEqualTo(before);
        assertDoneByTheNextCall(operation);
    }

    @ParameterizedTest
    @EnumSource
    void before_the_commit_it_is_not_known_and_nothing_is_written(Operation operation) {
        String before = everything();
        for (int i = 0; i < operation.tries(); i++) {
            network.cutBeforeCommit();
        }

        assertNotKnown(operation);

        assertThat(everything()).isEqualTo(before);
        assertDoneByTheNextCall(operation);
    }

    @ParameterizedTest
    @EnumSource
    void after_the_commit_it_is_not_known_and_all_is_written(Operation operation) {
        for (int i = 0; i < operation.tries(); i++) {
            network.cutAfterCommit();
        }

        assertNotKnown(operation);

        String written = everything();
        if (operation != Operation.CLAIM) { // nobody knows what it claimed: after the lease, it is claimable again
            assertDoneByTheNextCall(operation);
        }
        assertThat(everything()).isEqualTo(written);
    }

    private void assertNotKnown(Operation operation) {
        assertThatStoreFails(Kind.ANSWER_LOST, () -> operation.call(pawl, job))
                .hasMessageContaining("it is not known whether this happened: " + operation.words())
                .hasMessageContaining("Repeat the call");
    }

    /** Done once, as if nothing had been, and nothing was refused. */
    private void assertDoneByTheNextCall(Operation operation) {
        operation.call(pawl, job);

        String expected = switch (operation) {
            case ENQUEUE -> "RUNNING,0,1,0,f PENDING,0,0,0,t PENDING,0,0,0,t";
            case ENQUEUE_WITH_A_KEY -> "RUNNING,0,1,0,f PENDING,0,0,0,t second,PENDING,0,0,0,t";
            case CLAIM -> "RUNNING,0,1,0,f RUNNING,0,1,0,f";
            case CHECKPOINT -> "RUNNING,1,1,0,f PENDING,0,0,0,t 0,\"Dear Ann\"";
            case RENEW, FIND -> "RUNNING,0,1,0,f PENDING,0,0,0,t";
            case FAIL -> "FAILED,0,1,0,t PENDING,0,0,0,t FAILED,0";
            case CANCEL -> "CANCELLED,0,1,0,t PENDING,0,0,0,t";
            case RELEASE -> "WAITING,0,0,0,t PENDING,0,0,0,t";
        };
        assertThat(everything()).isEqualTo(expected);
        assertThat(pawl.refusedWrites()).isZero();
    }

    @Test
    void in_the_callers_transaction_it_takes_the_callers_rows_with_it() throws SQLException {
        direct.useHandle(handle -> handle.execute("drop table if exists letter; create table letter (n int)"));
        String before = everything();
        try (Connection callers = connections.getConnection()) {
            callers.setAutoCommit(false);
            write(callers);
            network.cutBefore(Sql.CHECKPOINT);

            assertThatStoreFails(Kind.UNREACHABLE, () -> pawl.in(callers).checkpoint(job, WRITE, "Dear Ann"))
                    .hasMessageContaining(REPEAT)
                    .hasMessageEndingWith("Nothing was written");

            assertThatThrownBy(callers::commit).isInstanceOf(SQLException.class);
        }
        assertThat(everything()).isEqualTo(before);
        assertThat(letters()).isZero();
    }

    @Test
    void at_the_callers_commit_both_are_written_or_neither() throws SQLException {
        direct.useHandle(handle -> handle.execute("drop table if exists letter; create table letter (n int)"));
        String before = everything();

        network.cutBeforeCommitOf("into letter");
        checkpointInATransactionThatIsLost();
        assertThat(everything()).isEqualTo(before);
        assertThat(letters()).isZero();

        network.cutAfterCommitOf("into letter");
        checkpointInATransactionThatIsLost();
        assertThat(everything()).contains("\"Dear Ann\"");
        assertThat(letters()).isOne();
    }

    private void checkpointInATransactionThatIsLost() throws SQLException {
        try (Connection callers = connections.getConnection()) {
            callers.setAutoCommit(false);
            write(callers);
            pawl.in(callers).enqueue(NewJob.of(MAIL, "to be claimed").id(SECOND));
            pawl.in(callers).checkpoint(job, WRITE, "Dear Ann");
            assertThatThrownBy(callers::commit).isInstanceOf(SQLException.class);
        }
    }

    private static void write(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("insert into letter values (1)");
        }
    }

    /** A pool may lend a dead connection that was alive a moment ago; each costs one call. */
    @Test
    void idle_in_a_pool_each_costs_at_most_one_call(JdbiPawl pooled) {
        JobId first = pooled.jobs().enqueue(NewJob.of(MAIL, "first")).id();
        int dead = network.connections();
        network.cut();

        int calls = 1;
        while (!isFoundBy(pooled, first)) {
            calls++;
        }

        assertThat(calls).isLessThanOrEqualTo(dead + 1);
    }

    private static boolean isFoundBy(JdbiPawl pooled, JobId id) {
        try {
            return pooled.jobs().find(id).isPresent();
        } catch (StoreException lost) {
            assertThat(lost.kind()).isEqualTo(Kind.UNREACHABLE);
            return false;
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertThatStoreFails(
            Kind kind, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    /** Once the server has noticed, too, and rolled back what was open. */
    private String everything() {
        await().until(() -> direct.withHandle(handle ->
                        handle.select(OPEN_TRANSACTIONS).mapTo(int.class).one())
                == 0);
        return direct.withHandle(
                handle -> handle.select(EVERYTHING).mapTo(String.class).one());
    }

    private int letters() {
        return direct.withHandle(handle ->
                handle.select("select count(*) from letter").mapTo(int.class).one());
    }
}
