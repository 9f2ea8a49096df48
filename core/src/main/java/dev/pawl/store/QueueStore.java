package dev.pawl.store;

import dev.pawl.Actor;

/** Queues, for implementers. Each method is one transaction, and may be repeated. */
public interface QueueStore {
    /**
     * Stops claims of every kind from the queue (rule J16); what is held goes on.
     *
     * @param queue its name
     * @param by who asks for it
     */
    void pause(String queue, Actor by);

    /**
     * Lets claims go on.
     *
     * @param queue its name
     * @param by who asks for it
     */
    void resume(String queue, Actor by);

    /**
     * Tells whether claims are stopped.
     *
     * @param queue its name
     * @return true between a pause and a resume
     */
    boolean isPaused(String queue);
}
