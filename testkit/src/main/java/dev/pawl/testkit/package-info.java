/**
 * What tests need: those of applications that use Pawl, and those of stores.
 *
 * <p><b>An application's tests</b> are marked {@link dev.pawl.testkit.PawlTest} and take what they need as parameters. Most
 * take an {@link dev.pawl.testkit.InMemoryPawl}, whose store is Pawl's own transitions, a map and a lock, so that it can't be
 * kinder than PostgreSQL: no database, no thread, no sleep. A {@link dev.pawl.testkit.StepWorker} runs a pipeline step by
 * step, dies when it is told to, or is late; {@link dev.pawl.testkit.TestTime} moves when it is told to; and
 * {@link dev.pawl.testkit.Faults} come when they are asked for. What is particular to PostgreSQL (a checkpoint in the
 * transaction of one's own rows) is tested there, with a {@code JdbiPawl} and a {@code DataSource} as parameters; see
 * {@link dev.pawl.testkit.TestPostgres} for where the server comes from. {@link dev.pawl.testkit.PawlAssertions} speak of jobs
 * in Pawl's words.
 *
 * <p><b>A store's tests</b> are {@code dev.pawl.testkit.contract.JobStoreContract}, extended.
 *
 * <p><b>What may be missing.</b> The JDBC store, its pool, embedded PostgreSQL, Testcontainers and Jackson are optional: who
 * asks for what isn't there is told which artefact to add.
 *
 * <p><b>What is not promised.</b> A step worker shows each order of steps that a test thinks of, and no other: races between
 * threads, and what locks do to them, only PostgreSQL shows.
 */
@NullMarked
package dev.pawl.testkit;

import org.jspecify.annotations.NullMarked;
