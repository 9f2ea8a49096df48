/**
 * The recap as a job: what an application that uses Pawl writes.
 *
 * <p>{@link dev.pawl.examples.jobs.Recap} says which stages there are and what each results in: data only, all that one
 * who enqueues needs. {@link dev.pawl.examples.jobs.RecapHandlers} says which code of
 * {@code dev.pawl.examples.recap} runs in which stage, and in the
 * children of the genre stage. {@link dev.pawl.examples.jobs.RecapOutputs} is a table of the
 * application's own, into which the last stage writes in the transaction of its checkpoint.
 */
@NullMarked
package dev.pawl.examples.jobs;

import org.jspecify.annotations.NullMarked;
