/** Named leases as ShedLock's users need them: an adapter, and ShedLock's own tests of it. */
package dev.pawl.testkit.shedlock;
