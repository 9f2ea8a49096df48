/** What tests of Pawl's users, and of stores, need. */
@NullMarked
package dev.pawl.testkit;

import org.jspecify.annotations.NullMarked;
