package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Stage;
import dev.pawl.lease.FencingToken;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a job. Each fails with a sentence that has the whole job in it:
 * {@code expected recap/0190… RUNNING at dedup (3 of 8), #7 (worker-1#1), to be held by worker-2}.
 */
public final class JobAssert extends AbstractAssert<JobAssert, JobSnapshot> {
    JobAssert(JobSnapshot actual) {
        super(actual, JobAssert.class);
    }

    /**
     * It was never started.
     *
     * @return this
     */
    public JobAssert isPending() {
        return is(JobStatus.PENDING);
    }

    /**
     * It is leased.
     *
     * @return this
     */
    public JobAssert isRunning() {
        return is(JobStatus.RUNNING);
    }

    /**
     * It was started and is not leased.
     *
     * @return this
     */
    public JobAssert isWaiting() {
        return is(JobStatus.WAITING);
    }

    /**
     * All its stages are checkpointed.
     *
     * @return this
     */
    public JobAssert isCompleted() {
        return is(JobStatus.COMPLETED);
    }

    /**
     * It was given up.
     *
     * @return this
     */
    public JobAssert isFailed() {
        return is(JobStatus.FAILED);
    }

    /**
     * An operator ended it.
     *
     * @return this
     */
    public JobAssert isCancelled() {
        return is(JobStatus.CANCELLED);
    }

    /**
     * It is at the stage, or ended there without completing.
     *
     * @param stage which
     * @return this
     */
    public JobAssert isAtStage(Stage<?> stage) {
        return isAtStage(stage.name());
    }

    /**
     * It is at the stage, or ended there without completing.
     *
     * @param stage its name
     * @return this
     */
    public JobAssert isAtStage(String stage) {
        return check(job().stage().equals(Optional.of(stage)), "be at stage " + stage);
    }

    /**
     * A claim of this worker holds it.
     *
     * @param holder a worker's name, or the holder of one claim: {@code worker-2} is as good as {@code worker-2#8f3a17}
     * @return this
     */
    public JobAssert isHeldBy(String holder) {
        boolean held = job().holder()
                .filter(actual -> actual.equals(holder) || actual.startsWith(holder + "#"))
                .isPresent();
        return check(held, "be held by " + holder);
    }

    /**
     * Nobody holds it.
     *
     * @return this
     */
    public JobAssert isHeldByNobody() {
        return check(job().holder().isEmpty(), "be held by nobody");
    }

    /**
     * So many tries were made at its stage, a present one included.
     *
     * @param number tries
     * @return this
     */
    public JobAssert hasAttempt(int number) {
        return check(job().attempt() == number, "be at attempt " + number, "at attempt " + job().attempt());
    }

    /**
     * So often it was taken over at its stage.
     *
     * @param number takeovers
     * @return this
     */
    public JobAssert hasTakeovers(int number) {
        return check(
                job().takeovers() == number,
                "have been taken over " + number + " times at its stage",
                "taken over " + job().takeovers() + " times");
    }

    /**
     * The last claim of it had this token.
     *
     * @param token the token
     * @return this
     */
    public JobAssert hasToken(FencingToken token) {
        return check(job().token().equals(Optional.of(token)), "have token " + token);
    }

    /**
     * So many of its stages are checkpointed.
     *
     * @param number stages
     * @return this
     */
    public JobAssert hasStagesDone(int number) {
        return check(job().stagesDone() == number, "have " + number + " stages done", "at " + job().stagesDone());
    }

    /**
     * So many children of its stage have not ended, as its row counts them.
     *
     * @param number children; 0 also for a job whose stage has none
     * @return this
     */
    public JobAssert hasOpenChildren(int number) {
        return check(children().open() == number, "have " + number + " open children at its stage");
    }

    /**
     * So many children of its stage have failed, as its row counts them. When the stage is done, they are counted no longer.
     *
     * @param number children; 0 also for a job whose stage has none
     * @return this
     */
    public JobAssert hasFailedChildren(int number) {
        return check(children().failed() == number, "have " + number + " failed children at its stage");
    }

    private Children.Counts children() {
        return job().children().orElse(new Children.Counts(0, 0, 0, 0));
    }

    private JobAssert is(JobStatus status) {
        return check(job().status() == status, "be " + status);
    }

    private JobSnapshot job() {
        isNotNull();
        return Objects.requireNonNull(actual);
    }

    private JobAssert check(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("expected %s, to %s", actual, expected);
        }
        return this;
    }

    private JobAssert check(boolean holds, String expected, String but) {
        if (!holds) {
            failWithMessage("expected %s, to %s, but was %s", actual, expected, but);
        }
        return this;
    }
}
