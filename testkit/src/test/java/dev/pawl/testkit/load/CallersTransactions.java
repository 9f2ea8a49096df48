package dev.pawl.testkit.load;

import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.testkit.load.Ledger.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Transactions of the application's: they write its rows beside Pawl's, hold rows and keys for a while, and end either way. */
final class CallersTransactions {
    private final DataSource dataSource;
    private final JdbiPawl pawl;
    private final Ledger ledger;
    private final Random random;
    private final CountDownLatch end;

    CallersTransactions(DataSource dataSource, JdbiPawl pawl, Ledger ledger, Random random, CountDownLatch end) {
        this.dataSource = dataSource;
        this.pawl = pawl;
        this.ledger = ledger;
        this.random = random;
        this.end = end;
    }

    void enqueue(List<NewJob<Json>> jobs) throws SQLException, InterruptedException {
        try (Connection connection = begin()) {
            List<Enqueued> answers = new ArrayList<>(pawl.in(connection).enqueueAll(jobs));
            hold();
            if (commitOrRollBack(connection)) {
                answers.forEach(answer -> ledger.enqueued(answer.id(), answer.created()));
            }
        }
    }

    /** The effect of the job's current stage, and its checkpoint, as the last thing: both or none. */
    void checkpoint(HeldJob<Json> held, Hand hand) throws SQLException, InterruptedException {
        int stage = held.job().stage();
        if (stage == held.job().stages()) {
            return;
        }
        long token = held.fence().token().value();
        Outcome<Json> outcome = Outcome.done(Application.result(token, stage, random.nextInt(3)));
        Attempt<Json> attempt = new HeldAttempt<>(held, (job, progress) -> {}, () -> {});
        try (Connection connection = begin()) {
            JobTransaction transaction = pawl.in(connection);
            try {
                if (random.nextInt(4) == 0) {
                    transaction.fence(attempt);
                }
                insertEffect(connection, held, stage, token);
                transaction.record(attempt, outcome);
            } catch (RefusedException | BusyException refused) {
                afterRefusal(connection, held, refused, hand);
                return;
            }
            hold();
            if (commitOrRollBack(connection)) {
                ledger.checkpointed(held.id(), stage, held.fence().token());
                if (!held.recorded(held.writing(outcome))) {
                    hand.letGo(held);
                }
            }
        }
    }

    /** Every other caller swallows the exception, and commits. */
    private void afterRefusal(Connection connection, HeldJob<Json> held, Exception refused, Hand hand)
            throws SQLException {
        ledger.saw(Event.REFUSED);
        if (refused instanceof RefusedException why && why.refusal().isLeaseLost()) {
            hand.letGo(held);
        }
        if (random.nextBoolean()) {
            connection.rollback();
            return;
        }
        try {
            connection.commit();
            ledger.unexpected(new AssertionError("committed after a refusal", refused));
        } catch (SQLException poisoned) {
            ledger.saw(Event.COMMIT_REFUSED);
            connection.rollback();
        }
    }

    private static void insertEffect(Connection connection, HeldJob<Json> held, int stage, long token)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into effect values (?, ?, ?)")) {
            insert.setObject(1, held.id().uuid());
            insert.setInt(2, stage);
            insert.setLong(3, token);
            insert.executeUpdate();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** Holds what the transaction has locked, now and then for longer than others wait. */
    private void hold() throws InterruptedException {
        int millis = random.nextInt(40) == 0 ? 350 : random.nextInt(4) == 0 ? 20 : 0;
        var unused = end.await(millis, TimeUnit.MILLISECONDS);
    }

    private boolean commitOrRollBack(Connection connection) throws SQLException {
        if (random.nextInt(4) == 0) {
            connection.rollback();
            ledger.saw(Event.ROLLED_BACK);
            return false;
        }
        connection.commit();
        ledger.saw(Event.COMMITTED);
        return true;
    }
}
