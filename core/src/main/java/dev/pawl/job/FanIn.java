package dev.pawl.job;

/**
 * How many children of a stage may end without completing before their parent fails, and whether the others are waited for
 * (rule F3). A cancelled child has not completed, like a failed one.
 *
 * @param tolerated how many may fail or be cancelled, zero or more
 * @param failFast whether the first one too many ends the waiting: the rest is cancelled; only with none tolerated
 */
public record FanIn(int tolerated, boolean failFast) {
    /** Every child must complete. If one does not, the parent fails when the last has ended. */
    public static final FanIn ALL = new FanIn(0, false);

    /** Every child must complete. The first that does not has the rest cancelled, and the parent fails. */
    public static final FanIn FAIL_FAST = new FanIn(0, true);

    /** Checks the number. */
    public FanIn {
        if (tolerated < 0) {
            throw new IllegalArgumentException("tolerated failures must not be negative, but were " + tolerated);
        }
        if (failFast && tolerated > 0) {
            throw new IllegalArgumentException(
                    "failing fast tolerates no failure, but " + tolerated + " were to be tolerated");
        }
    }

    /**
     * So many children may fail or be cancelled; judged when the last has ended.
     *
     * @param failures how many, zero or more
     * @return the policy
     */
    public static FanIn tolerating(int failures) {
        return new FanIn(failures, false);
    }

    /** What is to become of a parent. */
    public enum Verdict {
        /** Some are open, and their end is awaited. */
        WAIT,
        /** Its stage is joined. */
        JOIN,
        /** It fails; those that are open are cancelled before. */
        FAIL
    }

    /**
     * Judges a parent by its children.
     *
     * @param children as they are
     * @return the verdict; final unless it is to wait
     */
    public Verdict judge(Children.Counts children) {
        boolean tooMany = children.failed() + children.cancelled() > tolerated;
        if (tooMany && (failFast || children.open() == 0)) {
            return Verdict.FAIL;
        }
        return children.open() > 0 ? Verdict.WAIT : Verdict.JOIN;
    }

    /** {@code all must complete}. */
    @Override
    public String toString() {
        if (failFast) {
            return "all must complete, failing fast";
        }
        return tolerated == 0 ? "all must complete" : "at most " + tolerated + " may not complete";
    }
}
