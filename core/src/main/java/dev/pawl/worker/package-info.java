/**
 * Runs handlers: a {@link dev.pawl.worker.Worker} claims jobs, runs the {@link dev.pawl.worker.Handlers} of their stages,
 * renews its leases, and hands what became of each attempt to the store.
 *
 * <p><b>Who decides.</b> The store, about everything that is recorded. The worker decides when to ask: how many jobs to
 * claim, when to renew, when to try again what could not be written. The retry policy decides what becomes of a failure.
 *
 * <p><b>Stages with children.</b> The first attempt at such a stage splits: it names the children, and lets go of the job. When the
 * last of them has ended, whoever claims the job judges: by the children's rows, and by the policy under which they were started.
 * Then it joins them, or cancels what is open and fails the job, or has them counted anew. Workers also go on with cancelling
 * children whose parents have ended, whoever began it.
 *
 * <p><b>Where threads are.</b> One claims, one keeps the time (renewals, and writes to be tried again), and handlers have as
 * many as the concurrency, of the worker's or of the caller's executor. None of them waits for a commit, but for a handler
 * that saves progress. Time is this process's monotonic clock, and it decides only when the worker stops to rely on a lease.
 *
 * <p><b>Leaders.</b> What runs while a named lease is held is here, too, because of its threads: a campaign, and
 * {@code KeptLease}, for whatever holds a name for long.
 *
 * <p><b>What may fail.</b> A handler: recorded. The store: asked again, as it was, until it answers; a repeat changes
 * nothing. A lease: its handler is interrupted, and what it returns is dropped.
 *
 * <p><b>What is not promised.</b> That a handler runs once, or that only one runs for a job at a time: a worker that was
 * frozen runs on until it learns that it was replaced. Its writes are kept out by the store.
 */
@NullMarked
package dev.pawl.worker;

import org.jspecify.annotations.NullMarked;
