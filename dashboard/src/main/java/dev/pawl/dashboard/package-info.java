/** Where is my job, in a browser. */
@NullMarked
package dev.pawl.dashboard;

import org.jspecify.annotations.NullMarked;
