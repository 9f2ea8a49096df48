/** Audits and repairs on PostgreSQL: what something else than Pawl did to the tables is found, told, and mended. */
@NullMarked
package dev.pawl.testkit.audit;

import org.jspecify.annotations.NullMarked;
