/**
 * What becomes of parents whose children end at the same instant, on PostgreSQL, with real concurrency: in step, under load, and
 * while they are cancelled, fail fast, are retried, or lose their answers.
 */
package dev.pawl.testkit.fanout;
