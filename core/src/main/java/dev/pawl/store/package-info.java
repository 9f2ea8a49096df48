/**
 * What a store is: the one page that adapter, fake and contract suite share. For implementers; an application calls
 * {@code Jobs}.
 *
 * <p><b>Pure transitions.</b> Everything that can happen to a job that exists is a {@link dev.pawl.store.JobWrite}, a value
 * that says by itself what it does: {@link dev.pawl.store.JobWrite#on} takes the job as it is and the time, and answers the
 * job as it would be, or why not. So the rules, and the reasons of refusals, stand once, in
 * {@link dev.pawl.store.Lifecycle}. A store in memory is these functions, a map and a lock. A store in SQL may write the
 * frequent kinds by guarded statements of its own, but must agree with the functions on every answer and every row.
 *
 * <p><b>The seam takes many.</b> {@link dev.pawl.store.JobStore#write} takes a list of writes and answers each separately; a
 * refused one never harms its neighbours. {@code GroupCommit} sits on top and gathers the single calls that
 * arrive while a commit is under way into the next one.
 *
 * <p><b>Families.</b> What a write does to other jobs than its own is said by pure functions, too: children that are started, a
 * parent that is counted down and woken, a tree that is retried ({@link dev.pawl.store.Family}, {@link dev.pawl.store.Lifecycle}). A
 * store does it in the write's own transaction. It takes the locks of the rows that it writes first, and those of the parents of
 * what has ended last, by id; while it holds a parent's, it waits for no child's. A parent's counts say when to look. A verdict
 * counts rows.
 *
 * <p><b>Names.</b> A {@link dev.pawl.store.LeaseStore} leases names as a {@code JobStore} leases jobs, under tokens of the same
 * sequence. What may become of a name's row is said by {@link dev.pawl.store.LeaseState}.
 *
 * <p><b>What is not promised.</b> Nothing here waits for handlers, retries by policy or knows a worker's clock.
 */
@NullMarked
package dev.pawl.store;

import org.jspecify.annotations.NullMarked;
