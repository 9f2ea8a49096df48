package dev.pawl.worker;

import dev.pawl.job.Attempt;
import dev.pawl.job.Outcome;

/**
 * The code of a stage. It may run again after a crash, so what it does outside of Pawl should bear repetition. One that
 * loses its lease is interrupted.
 *
 * @param <P> the payload
 * @param <R> the stage's result
 */
@FunctionalInterface
public interface Handler<P, R> {
    /**
     * Makes one try at the stage.
     *
     * @param attempt the job, its payload, earlier results and progress
     * @return what became of it
     * @throws Exception if it failed; the stage's retry policy decides what then
     */
    Outcome<R> handle(Attempt<P> attempt) throws Exception;
}
