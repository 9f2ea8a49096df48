/**
 * The store on PostgreSQL, 14 or later, by Jdbi.
 *
 * <p><b>What happens when.</b> {@link dev.pawl.jdbc.PawlSchema} makes and changes the tables, and moves the tokens on, and only
 * when it is told to. Before a {@link dev.pawl.jdbc.JdbiPawl} opens it looks at what it will rely on, and refuses what it can't
 * work with.
 *
 * <p><b>Who decides.</b> The database: its clock, its locks and the checks of its tables. The frequent writes (renew, save
 * progress, checkpoint) are one guarded statement for many jobs; whatever those did not write, and every other kind, is read
 * under its row's lock, decided by the pure functions that all stores share, and written back with its count checked.
 * Parents of children that a transaction has ended are counted last in it.
 *
 * <p><b>Two kinds of transaction.</b> Pawl's own are short, durable ({@code synchronous_commit}), READ COMMITTED whatever
 * the defaults are, wait 200 ms for a lock at most, and are run again after a serialization failure or a deadlock. A
 * caller's is never committed, rolled back, closed, run again or changed in its settings; a refusal makes it unable to
 * commit.
 *
 * <p><b>What may fail.</b> Everything throws {@code dev.pawl.store.StoreException} if the database can't be reached, and
 * says whether it may have happened.
 *
 * <p><b>What is not promised.</b> Nothing here needs more of a connection than one transaction, so a pooler between may
 * share connections by transaction, with {@code prepareThreshold=0} on PgBouncer.
 */
@NullMarked
package dev.pawl.jdbc;

import org.jspecify.annotations.NullMarked;
