/**
 * The contract under load: clients that crash, come back as zombies, repeat themselves and hold transactions open, all at
 * once, against one PostgreSQL; then every invariant, by SQL.
 */
package dev.pawl.testkit.load;
