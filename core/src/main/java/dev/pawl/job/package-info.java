/**
 * Jobs, as applications see them: a {@link dev.pawl.job.Pipeline} of named {@link dev.pawl.job.Stage}s, a
 * {@link dev.pawl.job.NewJob} to enqueue, an {@link dev.pawl.job.Attempt} to work on, and {@link dev.pawl.job.Jobs} to
 * enqueue, claim and steer them.
 *
 * <p><b>Who decides.</b> A job's recorded progress only moves forward. One checkpoint is one atomic write: the stage, the
 * position, the status, the result and the lease's extension (rule J1). Stages are checkpointed in order, each once (J2),
 * and the last one completes the job in the same write (J3). Whether a writer may write is its lease's matter
 * ({@link dev.pawl.lease}); what becomes of a failed attempt is the {@link dev.pawl.job.RetryPolicy}'s, which is code and
 * not stored.
 *
 * <p><b>Two doors.</b> {@link dev.pawl.job.Jobs} commits by itself, always; {@link dev.pawl.job.JobTransaction} is part of
 * the caller's transaction, always. Nothing guesses which of the two was meant.
 *
 * <p><b>Children.</b> A stage may be done by children, which are jobs of their own in the same queue. The parent stays at the stage
 * and waits, without a lease. The end of a child counts at its parent in the same write, and the one that leaves nothing to wait
 * for makes the parent claimable, exactly once (F2). Whether the stage is joined or the parent fails is a
 * {@link dev.pawl.job.FanIn}'s verdict, by the children's own rows (F7), and the next holder's write.
 * {@link dev.pawl.job.Children} is what the join is given.
 *
 * <p><b>What may fail.</b> Single calls throw: a dropped return value is how a status and a stage come to contradict each
 * other. {@code fail} and {@code release} return the refusal instead: their caller is leaving anyway.
 *
 * <p><b>What is not promised.</b> A handler may run again after a crash, since the crash may come between its work and its
 * checkpoint. What must happen once belongs in the checkpoint's transaction, or must bear repetition.
 */
@NullMarked
package dev.pawl.job;

import org.jspecify.annotations.NullMarked;
