/**
 * Who may write. A claim issues a lease: a subject, a holder, a fencing token and an expiry. The subject is a job, or a name of the
 * application's own: {@link dev.pawl.lease.Leases}.
 *
 * <p><b>Who decides.</b> The {@link dev.pawl.lease.Fence}, which is the token and the holder together, decides whose
 * writes count, and nothing else does. Expiry says only when another worker <em>may</em> claim: until one does, the
 * holder may still write, however late it is (rule L4). So a clock that is wrong can make a job change hands too early,
 * but it can't make two holders both succeed.
 *
 * <p><b>Why both.</b> Tokens rise and are never set back, so they order claims, and an application can fence its own rows
 * by them. The holder is unique per claim and is cleared when the lease ends, so a holder can't write after it released,
 * failed or was cancelled; and it keeps a zombie out even where a database lost its last commits and issues a token again.
 *
 * <p><b>What may fail.</b> A write under a lease that is no longer current has no effect, and says why: a
 * {@link dev.pawl.lease.Refusal}, thrown by single calls as {@link dev.pawl.lease.LeaseLostException}. A write to a row
 * that somebody's transaction holds is {@linkplain dev.pawl.lease.BusyException busy}, which is not lost.
 *
 * <p><b>What is not promised.</b> That only one process <em>runs</em> at a time: a frozen worker does not know that it was
 * replaced until it writes. Only its writes are kept out.
 */
@NullMarked
package dev.pawl.lease;

import org.jspecify.annotations.NullMarked;
