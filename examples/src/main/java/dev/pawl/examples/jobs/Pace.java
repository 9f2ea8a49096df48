package dev.pawl.examples.jobs;

import dev.pawl.job.Attempt;

/**
 * Is called at the start of each stage, and before each further step of a long one. An application would have no use for
 * it: the demonstration slows its workers down here, so that there is a middle of a stage in which to kill them.
 */
@FunctionalInterface
public interface Pace {
    /** As fast as it goes. */
    Pace FULL = (job, stepsDone) -> {};

    /**
     * May take its time.
     *
     * @param job what is being worked on
     * @param stepsDone how many steps of the stage are done
     * @throws InterruptedException if the thread was interrupted
     */
    void beforeStep(Attempt<?> job, int stepsDone) throws InterruptedException;
}
