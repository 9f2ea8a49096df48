/**
 * The floor that everything stands on: JSON as text, the codec that makes it, who did something, and the root of all
 * exceptions. Nothing here knows jobs, leases or stores.
 */
@NullMarked
package dev.pawl;

import org.jspecify.annotations.NullMarked;
