package dev.pawl.store;

import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.Pipeline;
import dev.pawl.lease.FencingToken;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The children of a held job's current stage: what this process knows of them, and the writes that it would make. It writes
 * nothing itself. Safe for use by the thread that works on the job beside those that renew its lease.
 */
public final class HeldFamily {
    private static final int CANCELLED_AT_ONCE = 500;

    private final HeldJob<?> held;
    private final JsonValues values;
    private final JobStore store;
    private volatile int openBefore = Integer.MAX_VALUE;

    HeldFamily(HeldJob<?> held, JsonValues values, JobStore store) {
        this.held = held;
        this.values = values;
        this.store = store;
    }

    /**
     * What the stage has fanned out into, as it was when the job was last answered for.
     *
     * @return empty unless the stage has fanned out
     */
    public Optional<Family.Fan> fan() {
        return held.job().family().fan();
    }

    /**
     * The write that starts the children.
     *
     * @param policy how they are judged
     * @param children what to start
     * @return the write
     */
    public JobWrite.FanOut start(FanIn policy, List<NewChild> children) {
        return new JobWrite.FanOut(held.id(), held.fence(), held.job().stage(), policy, children);
    }

    /**
     * Counts the children, by their rows.
     *
     * @return the counts
     * @throws IllegalStateException if the stage has not fanned out
     * @throws StoreException if the store can't be asked
     */
    public Children.Counts count() {
        return store.countChildren(held.id(), fanToken());
    }

    /**
     * The ended children.
     *
     * @param <R> what their last stage results in
     * @param of their pipeline
     * @param counts how many there are
     * @return to be read page by page
     */
    public <R> Children<R> children(Pipeline<?, R> of, Children.Counts counts) {
        return new HeldChildren<>(held.id(), fanToken(), of.last(), counts, values, store);
    }

    /**
     * The first children that failed.
     *
     * @param most how many at most
     * @return {@code key: what it failed with}
     * @throws IllegalStateException if the stage has not fanned out
     * @throws StoreException if the store can't be asked
     */
    public List<String> failed(int most) {
        return store.failedChildren(held.id(), fanToken(), most).stream()
                .map(child ->
                        child.key() + child.failure().map(why -> ": " + why).orElse(""))
                .toList();
    }

    /**
     * The write that has the children counted anew.
     *
     * @return the write
     */
    public JobWrite.AwaitChildren await() {
        return new JobWrite.AwaitChildren(held.id(), held.fence(), held.job().stage());
    }

    /**
     * The write that cancels open children, or some of them. Takes note of how many there are, so that {@link #canCancel} can tell
     * whether it gets on.
     *
     * @param open how many children are open
     * @return the write
     */
    public JobWrite.CancelChildren cancel(int open) {
        openBefore = open;
        Duration length = held.length();
        return new JobWrite.CancelChildren(held.id(), held.fence(), held.job().stage(), CANCELLED_AT_ONCE, length);
    }

    /**
     * Whether this claim's holder has cancelled some of the children, which were judged before that.
     *
     * @return true if so
     */
    public boolean isBeingCancelled() {
        return openBefore < Integer.MAX_VALUE;
    }

    /**
     * Whether there are open children that another step of cancelling may reach.
     *
     * @param open how many children are open
     * @return false if there are none, or no fewer than before the last step: somebody has them locked
     */
    public boolean canCancel(int open) {
        return open > 0 && open < openBefore;
    }

    void stagePassed() {
        openBefore = Integer.MAX_VALUE;
    }

    private FencingToken fanToken() {
        return fan().orElseThrow(() ->
                        new IllegalStateException("job " + held.id() + " has not fanned out at '" + held.stage() + "'"))
                .by()
                .token();
    }

    /** {@code children of recap/0190… at genre, #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return "children of " + held;
    }
}
