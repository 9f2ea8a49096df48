package dev.pawl.docs.guide;

import dev.pawl.job.Jobs;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import java.time.Duration;

/** The tests of a class share a database: each ends what the one before has left in the queue. */
final class Leftovers {
    private Leftovers() {}

    static void end(Jobs jobs, Pipeline<?, ?> pipeline) {
        jobs.claim(pipeline, 1_000, Duration.ofMinutes(1))
                .forEach(job -> job.fail(new IllegalStateException("left over"), RetryPolicy.never()));
    }
}
