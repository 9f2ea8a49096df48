/**
 * Where jobs are, where they have been, and what is in the queues: the read side, for people, dashboards and alerts.
 *
 * <p><b>Who decides.</b> Nobody, here: a view changes nothing, takes no lock and holds up no claim (rule V1). What it tells is of
 * one instant of the database's, which it names (V2), and is history by the time that it is read: whoever acts on it must bear
 * being refused.
 *
 * <p><b>What it costs.</b> Every question has an end: lists come in pages ({@link dev.pawl.view.JobListing}), a page looks at so many
 * rows and no more, even where its filter lets few of them pass, and says where to go on (V3); counts stop at a cap, and say so
 * ({@link dev.pawl.view.Counted}, V4); and the database gives a question up after five seconds.
 *
 * <p><b>What may fail.</b> A position of another listing, or one that came back damaged, is refused. A job that there isn't is an
 * empty answer.
 *
 * <p><b>What is not promised.</b> Two questions are two instants: a job may have moved between a page and the next, and one that comes
 * anew before the first page is in none of the later ones.
 */
@NullMarked
package dev.pawl.view;

import org.jspecify.annotations.NullMarked;
