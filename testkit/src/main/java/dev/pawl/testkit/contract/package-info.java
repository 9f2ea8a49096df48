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
 * <p><b>What is not shown here.</b> What no store within one process can show (that an acknowledged write survives a crash,
 * that a write shares the caller's transaction, that a row locked by somebody else is busy) are tests of the adapter, and
 * rules that no store obeys yet stand here as disabled tests, so that the hole shows.
 */
@NullMarked
package dev.pawl.testkit.contract;

import org.jspecify.annotations.NullMarked;
