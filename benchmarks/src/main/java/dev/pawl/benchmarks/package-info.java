/**
 * What Pawl claims of its speed, to be run by whoever doubts it: the same work by Pawl, by its best peer and by JDBC
 * written by hand, on one PostgreSQL that really flushes its commits.
 *
 * <p>All contenders take part in one run, in turn, with the same number of threads and connections, each round on tables
 * of its own that were just filled; what counts is the median of the rounds, and the ratios more than the figures. A
 * round ends when the last job's end is committed, and is void if one is missing.
 */
@NullMarked
package dev.pawl.benchmarks;

import org.jspecify.annotations.NullMarked;
