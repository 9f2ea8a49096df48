/** Named leases, as an application uses them. */
package dev.pawl.testkit.lease;
