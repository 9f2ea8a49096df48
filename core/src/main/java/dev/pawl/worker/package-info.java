/**
 * Runs handlers: a {@code Worker} claims jobs, runs the {@code Handlers} of their stages,
 * renews its leases, and hands what became of each attempt to the store.
 */
@NullMarked
package dev.pawl.worker;

import org.jspecify.annotations.NullMarked;
