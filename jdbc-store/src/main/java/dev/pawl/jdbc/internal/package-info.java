/**
 * How the store speaks SQL. Statements stand beside their methods ({@code *Sql}), each of one queue and, where it names
 * jobs, of many of them by key; {@link dev.pawl.jdbc.internal.OwnTransactions} and
 * {@link dev.pawl.jdbc.internal.CallersTransaction} say in whose transaction they run, and
 * {@link dev.pawl.jdbc.internal.JobWrites} how a list of writes becomes statements.
 *
 * <p>Plans are part of the design: a queue is empty at one moment and full at the next, so every statement on the way of a
 * job has to be look-ups by key whatever the planner last counted.
 */
@NullMarked
package dev.pawl.jdbc.internal;

import org.jspecify.annotations.NullMarked;
