/**
 * Keeps the documents true: their links lead somewhere, their commands can be run, their snippets are what was compiled and
 * run, and the rules that they list are the rules that the suite shows. Each check has bad samples that it must find.
 */
@NullMarked
package dev.pawl.docs;

import org.jspecify.annotations.NullMarked;
