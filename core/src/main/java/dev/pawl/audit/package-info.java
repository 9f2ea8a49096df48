/**
 * Audit and repair: what must always be true of the stored state is looked up, whatever broke it, and mended.
 *
 * <p><b>What is looked for.</b> Named {@linkplain dev.pawl.audit.Invariant invariants} with stable codes. Most of them can't be broken
 * through Pawl: they are for what rows went through beside it (a restore, a script, a mistake), and for what only people can put
 * right: queues that nobody works on, scans that stand still.
 *
 * <p><b>What is promised.</b> Finding changes nothing (rule A1). A repair is planned first, and can be looked at; it is done only if
 * the job is still as it was planned from (A2), may be repeated, and leaves a record (A3). What only the application can know is
 * asked of it, as {@link dev.pawl.audit.Evidence} (A5).
 *
 * <p><b>What is not promised.</b> An audit of a table that is written to is not one instant: each page of jobs is. What is found was
 * true when its page was read.
 */
@NullMarked
package dev.pawl.audit;

import org.jspecify.annotations.NullMarked;
