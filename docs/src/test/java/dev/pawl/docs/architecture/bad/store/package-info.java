/** Marked, and not as is asked for. */
@NullUnmarked
package dev.pawl.docs.architecture.bad.store;

import org.jspecify.annotations.NullUnmarked;
