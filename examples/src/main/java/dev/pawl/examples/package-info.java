/** Not published. */
@NullMarked
package dev.pawl.examples;

import org.jspecify.annotations.NullMarked;
