/** A codec by Jackson. */
@NullMarked
package dev.pawl.jackson;

import org.jspecify.annotations.NullMarked;
