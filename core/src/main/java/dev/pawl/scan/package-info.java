/**
 * Durable scans: walks over rows of the application's, page after page and lap after lap, whose cursor survives crashes.
 *
 * <p><b>What is promised.</b> A row that is in range, with its sort key, from the start of a lap to its end is seen in that
 * lap (rule S4), and once in it (S2). A page without a successor ends the lap, whatever was done with its rows, and the next
 * lap begins at the other end (S3): so rows that become due again behind the cursor are found, and a scan can't get stuck.
 * A lap ends where the rows ended when it began, so that rows which keep coming can't make it endless.
 *
 * <p><b>Who walks.</b> One process at a time, under a named lease; each move of the cursor bears its fence (S1). A walker
 * that was replaced can't move it.
 *
 * <p><b>What may be repeated.</b> At most one page, after a crash between its handling and the cursor's move (S6); none,
 * where both are one transaction (S5).
 *
 * <p><b>What fails.</b> A page whose handling throws is tried again, later and later. From a number of attempts on it counts
 * as failing, and is shown so; it is never stepped over but by somebody's explicit
 * {@linkplain dev.pawl.scan.Scans#skip skip}, which is recorded (S7).
 */
@NullMarked
package dev.pawl.scan;

import org.jspecify.annotations.NullMarked;
