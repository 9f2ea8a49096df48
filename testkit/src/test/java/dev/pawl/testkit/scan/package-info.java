/** Walks of scans: what stops them, and how they go on. */
@NullMarked
package dev.pawl.testkit.scan;

import org.jspecify.annotations.NullMarked;
