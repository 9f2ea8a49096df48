package dev.pawl.testkit;

import dev.pawl.job.JobSnapshot;

/** Assertions in Pawl's words; to be imported beside AssertJ's own. */
public final class PawlAssertions {
    private PawlAssertions() {}

    /**
     * Asserts on a job at one instant.
     *
     * @param actual the job
     * @return what can be said of it
     */
    public static JobAssert assertThat(JobSnapshot actual) {
        return new JobAssert(actual);
    }
}
