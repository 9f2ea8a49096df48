/**
 * What a bad network does to Pawl on PostgreSQL: answers that are lost, connections that break, or fall silent, or are slow,
 * and a server that starts anew. Nothing is half written, and the work goes on.
 */
@NullMarked
package dev.pawl.testkit.network;

import org.jspecify.annotations.NullMarked;
