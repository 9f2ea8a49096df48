/**
 * What a store must do, as tests. {@code docs/contract.md} has the rules; a test bears the rule that it shows:
 * {@code L3_a_superseded_lease_cannot_checkpoint}. Extend {@link dev.pawl.testkit.contract.JobStoreContract}, give it your
 * store and its time, and run it.
 *
 * <p><b>Every refusal is checked twice</b>: that it says the right thing, and that nothing has changed, by the whole of the
 * job before and after.
 *
 * <p><b>No test sleeps.</b> A store under test takes its time from the suite, which moves it.
 *
 * <p><b>Not every store can do all of it.</b> One that takes part in its callers' transactions, that can be made to crash, or
 * whose counters can be made wrong, says so ({@link dev.pawl.testkit.contract.JobStoreContract#begin}, {@link
 * dev.pawl.testkit.contract.JobStoreContract#crash}, {@link dev.pawl.testkit.contract.JobStoreContract#miscount}); for another the tests of that are aborted, with a message. So are those of scans where there are none ({@link
 * dev.pawl.testkit.contract.JobStoreContract#scans}, {@link dev.pawl.testkit.contract.JobStoreContract#rows}).
 *
 * <p><b>What is not shown here.</b> Rules that no store obeys yet stand here as disabled tests, so that the hole shows.
 */
@NullMarked
package dev.pawl.testkit.contract;

import org.jspecify.annotations.NullMarked;
