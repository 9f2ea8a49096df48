/** Bad input, at each door of the API, on both stores alike: refused with words, and nothing is changed. */
package dev.pawl.testkit.input;
