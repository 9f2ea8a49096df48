/** Checks of what comes in. Not exported: what is here may change without notice. */
@NullMarked
package dev.pawl.internal;

import org.jspecify.annotations.NullMarked;
