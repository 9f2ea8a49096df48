package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.Claimed;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobWrite;
import dev.pawl.store.JsonValues;
import dev.pawl.store.NewChild;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tests of families say with: a parent that fanned out, its children, held, and how they end. */
interface FamilyScene extends Scene {
    int MANY = 1_000;
    Pipeline<Json, Json> DIGEST = Pipeline.named(SHORT, Json.class).then(Stage.named("send", Json.class));

    /** Makes the counter of a parent wrong; see {@link JobStoreContract#miscount}. */
    boolean miscount(JobId parent, int open);

    // ---- fan-out ----

    /** Children of one stage each, in the order of their ids. */
    default JobWrite fanOut(Held parent, FanIn policy, String... keys) {
        return fanOut(parent, policy, SHORT, SHORT_STAGES.size(), keys);
    }

    /** Children that have stages enough to fan out themselves. */
    default JobWrite fanOutDeep(Held parent, FanIn policy, String... keys) {
        return fanOut(parent, policy, PIPELINE, STAGES.size(), keys);
    }

    private JobWrite fanOut(Held parent, FanIn policy, String pipeline, int stages, String... keys) {
        List<NewChild> children = new ArrayList<>();
        for (String key : keys) {
            children.add(
                    new NewChild(draft().id().uuid(), key, pipeline, 1, stages, Json.of("{\"of\": \"" + key + "\"}")));
        }
        return new JobWrite.FanOut(parent.id(), parent.fence(), parent.stage(), policy, children);
    }

    /** A new job that has fanned out at its first stage, and waits; the holder that it had. */
    default Held parent(FanIn policy, String... keys) {
        Held parent = held();
        done(fanOut(parent, policy, keys));
        return parent;
    }

    /** The same, with children that can fan out. */
    default Held deepParent(FanIn policy, String... keys) {
        Held parent = held();
        done(fanOutDeep(parent, policy, keys));
        return parent;
    }

    // ---- children ----

    /** All children that can be claimed, in the order of their keys if they were made so. */
    default List<Held> claimChildren(int count) {
        List<Held> children = claim(MANY);
        assertThat(children).as("the claimable children").hasSize(count);
        return children;
    }

    /** What a handler gets, of a job of one stage that this process holds. */
    default Attempt<Json> shortAttempt(Claimed claimed) {
        JsonValues values = new JsonValues(JsonCodec.none(), JsonValues.STANDARD_LIMIT);
        return new HeldAttempt<>(
                new HeldJob<>(DIGEST, claimed, LENGTH, values, jobs()), (job, progress) -> {}, () -> {});
    }

    default Answer.Done ended(JobWrite write) {
        Answer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(Answer.Done.class);
        return (Answer.Done) answer;
    }

    /** Ends a child, and sees to it that the answer says nothing of a parent that is awake. */
    default void endsAlone(JobWrite write) {
        assertThat(ended(write).wokeParent()).as("%s woke the parent", write).isFalse();
    }

    default void endsAndWakes(JobWrite write) {
        assertThat(ended(write).wokeParent()).as("%s woke the parent", write).isTrue();
    }

    default List<ChildRow> children(Held parent) {
        return jobs().children(parent.id(), parent.token(), Optional.empty(), MANY);
    }

    /** The child of that key. */
    default JobId child(Held parent, String key) {
        return children(parent).stream()
                .filter(child -> child.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child " + key + " of " + parent))
                .id();
    }

    default JobStatus statusOf(Held parent, String key) {
        return job(child(parent, key)).status();
    }

    // ---- the parent ----

    /** As its row counts them: total, open, failed, cancelled. */
    default void assertCounts(Held parent, int total, int open, int failed, int cancelled) {
        assertThat(job(parent).children())
                .as("children of %s as counted", parent.id())
                .contains(new Children.Counts(total, open, failed, cancelled));
    }

    /** Neither due nor held. */
    default void assertWaits(Held parent) {
        assertThat(job(parent).status()).isEqualTo(JobStatus.WAITING);
        assertThat(job(parent).dueAt())
                .as("due time of a job that waits for children")
                .isEmpty();
        assertThat(job(parent).holder()).isEmpty();
    }

    /** The parent once more, in the hands of its next holder. */
    default Held woken(Held parent) {
        Held next = claim();
        assertThat(next.id()).isEqualTo(parent.id());
        return next;
    }

    default JobWrite awaitChildren(Held holder) {
        return new JobWrite.AwaitChildren(holder.id(), holder.fence(), holder.stage());
    }

    default JobWrite cancelChildren(Held holder, int most) {
        return new JobWrite.CancelChildren(holder.id(), holder.fence(), holder.stage(), most, LENGTH);
    }

    default int cancelOrphans(int most) {
        return jobs().cancelOrphans(queue(), most);
    }
}
