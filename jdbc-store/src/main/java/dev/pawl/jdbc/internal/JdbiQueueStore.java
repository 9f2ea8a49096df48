package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.store.QueueStore;

/** Queues in PostgreSQL. Safe for use by many threads. */
public final class JdbiQueueStore implements QueueStore {
    private final Database database;
    private final Transactions transactions;

    /** In transactions of its own. */
    public JdbiQueueStore(Database database) {
        this.database = database;
        this.transactions = new OwnTransactions(database);
    }

    @Override
    public void pause(String queue, Actor by) {
        transactions.run(
                "pause queue " + queue,
                handle -> handle.attach(QueueSql.class)
                        .pause(
                                queue,
                                JobWrites.user(by),
                                SqlArrays.time(database.time().orElse(null))));
    }

    @Override
    public void resume(String queue, Actor by) {
        transactions.run(
                "resume queue " + queue, handle -> handle.attach(QueueSql.class).resume(queue));
    }

    @Override
    public boolean isPaused(String queue) {
        return transactions.run(
                "read queue " + queue,
                handle -> handle.attach(QueueSql.class).isPaused(queue).orElse(false));
    }
}
