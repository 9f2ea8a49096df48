/** Workers as processes of their own, which can be killed, frozen and given another clock. */
package dev.pawl.testkit.process;
