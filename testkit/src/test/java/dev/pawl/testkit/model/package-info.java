/**
 * Random histories against the pure model and PostgreSQL at once. Every answer and every row must agree; a failure prints
 * its seed and the shortest history that was found to fail in the same way.
 */
package dev.pawl.testkit.model;
