/**
 * The demonstration: a pipeline of eight stages whose workers are killed and frozen, and nothing is lost.
 *
 * <p>{@link dev.pawl.examples.Demonstration} is the program. {@code dev.pawl.examples.recap} is its application, which
 * knows nothing of jobs; {@code dev.pawl.examples.jobs} is the application as a job of Pawl's, and the part to copy from;
 * {@code dev.pawl.examples.demo} kills, freezes and counts.
 */
@NullMarked
package dev.pawl.examples;

import org.jspecify.annotations.NullMarked;
