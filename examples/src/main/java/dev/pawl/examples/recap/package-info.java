/**
 * The application of the demonstration, and nothing of Pawl: how a recap of a decade is made out of the addresses that
 * presidents gave in it.
 *
 * <p>Each stage is a small class without state, and a pure function: {@link dev.pawl.examples.recap.Archive} fetches,
 * {@link dev.pawl.examples.recap.Cleaner} preprocesses, {@link dev.pawl.examples.recap.NearDuplicates} drops what was
 * said twice, {@link dev.pawl.examples.recap.Genres} sorts by vocabulary, {@link dev.pawl.examples.recap.Reader}
 * reads one genre, {@link dev.pawl.examples.recap.Selection} chooses by TF-IDF, {@link dev.pawl.examples.recap.Evidence} finds the sentences to quote, and
 * {@link dev.pawl.examples.recap.Composer} writes the recap. What passes between them are the records of
 * {@link dev.pawl.examples.recap.Texts}. None of them knows that there are jobs: that is the business of
 * {@code dev.pawl.examples.jobs}.
 *
 * <p>{@link dev.pawl.examples.recap.Editor} calls them one after the other. The same input gives the same recap to the
 * letter, whichever worker made which stage: so a stage that is run again after a crash does no harm.
 */
@NullMarked
package dev.pawl.examples.recap;

import org.jspecify.annotations.NullMarked;
