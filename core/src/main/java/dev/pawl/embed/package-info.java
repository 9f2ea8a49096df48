/**
 * The facade: {@link dev.pawl.embed.Pawl} is all of Pawl over one store, to be made once by a service and kept. Each kind of
 * store has its own subclass, which adds what is particular to it; jobs, workers and rules are the same for all.
 *
 * <p>Nothing here decides anything: the rules are in {@link dev.pawl.store}, the threads in {@link dev.pawl.worker}.
 */
@NullMarked
package dev.pawl.embed;

import org.jspecify.annotations.NullMarked;
