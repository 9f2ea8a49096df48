/** Named leases, as an application uses them. */
@NullMarked
package dev.pawl.testkit.lease;

import org.jspecify.annotations.NullMarked;
