/**
 * What the demonstration needs around the recap: a database, worker processes that can be killed and frozen, and the
 * figures of the end, which are read from the database and judged.
 *
 * <p>A worker process is {@link dev.pawl.examples.demo.WorkerMain}, and the demonstration holds it by a
 * {@link dev.pawl.examples.demo.WorkerProcess}. They talk by lines on standard input and output, only so that "in the
 * middle of a stage" is certain and not hoped for. All that the workers know of each other is in the database.
 *
 * <p>{@link dev.pawl.examples.demo.Figures} are read, {@link dev.pawl.examples.demo.Verdict} is a pure function over
 * them, {@link dev.pawl.examples.demo.Report} prints.
 */
@NullMarked
package dev.pawl.examples.demo;

import org.jspecify.annotations.NullMarked;
