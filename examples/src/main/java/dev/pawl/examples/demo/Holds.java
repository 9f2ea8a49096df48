package dev.pawl.examples.demo;

import dev.pawl.examples.jobs.Pace;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.job.Attempt;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The pace of a worker process: each step takes a little longer than it would, and on request the worker stays in the
 * middle of the next child, or the next long stage, that it comes to, until it is told to go on.
 */
final class Holds implements Pace {
    private static final Duration STEP = Duration.ofMillis(120);

    private static final String NONE = "none";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Consumer<String> say;
    private String wanted = NONE;

    Holds(Consumer<String> say) {
        this.say = say;
    }

    /** To stay in the middle of the next stage of this name, or in the long stage of this job. */
    synchronized void hold(String stageOrJob) {
        wanted = stageOrJob;
    }

    void goOn() {
        goOn.countDown();
    }

    @Override
    public void beforeStep(Attempt<?> job, int stepsDone) throws InterruptedException {
        boolean inTheMiddle =
                job.stage().equals(Recap.READ.name()) || (job.stage().equals(Recap.EVIDENCE.name()) && stepsDone >= 2);
        if (inTheMiddle && isToStayIn(job)) {
            say.accept(WorkerMain.HOLDING + job.id());
            stay();
        } else {
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
        }
    }

    private synchronized boolean isToStayIn(Attempt<?> job) {
        if (wanted.equals(job.stage()) || wanted.equals(job.id().toString())) {
            wanted = NONE;
            return true;
        }
        return false;
    }

    /** Like code that does not notice an interrupt: in the middle of a computation, or in somebody else's driver. */
    private void stay() {
        boolean interrupted = true;
        while (interrupted) {
            try {
                goOn.await();
                interrupted = false;
            } catch (InterruptedException ignored) {
                // what comes next shall meet the fence, not the interrupt
            }
        }
    }
}
