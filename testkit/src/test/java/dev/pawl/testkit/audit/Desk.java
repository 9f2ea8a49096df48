package dev.pawl.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import dev.pawl.store.NewRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** Jobs of one queue, made and moved by the seam. */
final class Desk {
    /** Three stages. */
    static final Runs STORY = Runs.asIs("story", 1, 3);
    /** Two stages, the first of which fans out. */
    static final Runs ISSUE = Runs.asIs("issue", 1, 2);
    /** A child, of one stage. */
    static final Runs GENRE = Runs.asIs("genre", 1, 1);

    static final Actor ANN = Actor.user("ann");

    private final JobStore store;
    private final String queue;

    Desk(JobStore store, String queue) {
        this.store = store;
        this.queue = queue;
        store.describe(STORY.pipeline(), 1, List.of("fetch", "sort", "send"));
        store.describe(ISSUE.pipeline(), 1, List.of("spread", "print"));
        store.describe(GENRE.pipeline(), 1, List.of("write"));
    }

    /** A parent that waits, and its children in the order of their keys, all of which are held. */
    record Family(JobId parent, List<Held> children) {
        Held child(int number) {
            return children.get(number);
        }
    }

    JobId pending(Runs of) {
        JobId id = new JobId(queue, UUID.randomUUID());
        store.enqueue(List.of(new NewRow(
                id,
                of.pipeline(),
                1,
                of.stages(),
                Optional.empty(),
                Json.of("{}"),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO)));
        return id;
    }

    /** There must be no other of this pipeline that is claimable. */
    Held held(Runs of) {
        JobId id = pending(of);
        Held held = claimed(of);
        assertThat(held.id()).isEqualTo(id);
        return held;
    }

    /** Held at a stage, with the checkpoints before it. */
    Held heldAt(int stage, Runs of) {
        Held held = held(of);
        while (held.stage() < stage) {
            held = checkpointed(held);
        }
        return held;
    }

    Held checkpointed(Held held) {
        done(held.checkpoint());
        return held.atNextStage();
    }

    Held claimed(Runs of) {
        List<Held> held = claim(of, 1);
        assertThat(held).hasSize(1);
        return held.get(0);
    }

    List<Held> claim(Runs of, int most) {
        String holder = "desk#" + UUID.randomUUID();
        return store.claim(ClaimRequest.everywhere(queue, List.of(of), holder, Held.LEASE, most)).stream()
                .map(Held::of)
                .toList();
    }

    Family family(int children, FanIn policy) {
        return split(held(ISSUE), children, policy);
    }

    Family split(Held parent, int children, FanIn policy) {
        done(parent.fanOut(policy, children(children)));
        return new Family(parent.id(), claim(GENRE, children));
    }

    private static List<NewChild> children(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new NewChild(UUID.randomUUID(), "child-" + i, GENRE.pipeline(), 1, 1, Json.of("{}")))
                .toList();
    }

    void done(JobWrite... writes) {
        assertThat(store.write(List.of(writes)))
                .allSatisfy(answer -> assertThat(answer).isInstanceOf(Answer.Done.class));
    }

    Answer write(JobWrite write) {
        return store.write(List.of(write)).get(0);
    }

    void cancel(JobId id) {
        done(new JobWrite.Cancel(id, ANN));
    }

    void cancelOrphans() {
        store.cancelOrphans(queue, 1_000);
    }

    /** One of each kind that may be in a queue while all is well. */
    void liveNormally() {
        held(STORY);
        heldAt(2, STORY);
        done(heldAt(1, STORY).failForNow());
        done(heldAt(2, STORY).checkpoint());
        done(held(STORY).checkpoint());
        done(heldAt(2, STORY).fail());
        cancel(heldAt(1, STORY).id());
        Family mixed = family(6, FanIn.tolerating(2));
        done(mixed.child(0).checkpoint(), mixed.child(1).fail());
        cancel(mixed.child(3).id());
        Family failed = family(2, FanIn.ALL);
        done(failed.child(0).checkpoint(), failed.child(1).fail());
        done(claimed(ISSUE).fail());
        Family joined = family(2, FanIn.ALL);
        done(joined.child(0).checkpoint(), joined.child(1).checkpoint());
        Held join = claimed(ISSUE);
        done(checkpointed(join).checkpoint());
        cancel(family(3, FanIn.ALL).parent()); // a moment ago: some worker is about to cancel its children
        Family toBeJoined = family(1, FanIn.ALL);
        done(toBeJoined.child(0).checkpoint());
        done(mixed.child(2).release());
        cancel(pending(STORY));
        done(heldAt(1, STORY).release());
        pending(STORY);
    }
}
