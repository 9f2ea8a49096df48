/**
 * Runs handlers: a {@link dev.pawl.worker.Worker} claims jobs, runs the {@link dev.pawl.worker.Handlers} of their stages,
 * renews its leases, and hands what became of each attempt to the store.
 */
@NullMarked
package dev.pawl.worker;

import org.jspecify.annotations.NullMarked;
