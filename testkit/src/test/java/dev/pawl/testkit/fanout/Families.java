package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import dev.pawl.store.NewRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** Parents of one queue and their children, by the seam: each parent has two stages, and each child one. */
final class Families {
    private static final Runs PARENT = Runs.asIs("family", 1, 2);
    private static final Runs CHILD = Runs.asIs("member", 1, 1);
    private static final Runs MIDDLE = Runs.asIs("branch", 1, 1);
    private static final int AT_ONCE = 500;

    private final JobStore store;
    private final String queue;

    Families(JobStore store, String queue) {
        this.store = store;
        this.queue = queue;
        store.describe(PARENT.pipeline(), 1, List.of("first", "second"));
        store.describe(MIDDLE.pipeline(), 1, List.of("only"));
        store.describe(CHILD.pipeline(), 1, List.of("only"));
    }

    /** So many parents, each held. */
    List<Holding> held(int parents) {
        store.enqueue(IntStream.range(0, parents).mapToObj(i -> row()).toList());
        return claim(PARENT);
    }

    /** So many parents that wait for so many children each. */
    List<Family> start(int parents, int children, FanIn policy) {
        return split(held(parents), children, policy);
    }

    /** Parents that are held start so many children each. */
    List<Family> split(List<Holding> parents, int children, FanIn policy) {
        return split(parents, CHILD, children, policy);
    }

    /** The same, with children that are to have children. */
    List<Family> splitIntoParents(List<Holding> parents, int children, FanIn policy) {
        return split(parents, MIDDLE, children, policy);
    }

    private List<Family> split(List<Holding> parents, Runs into, int children, FanIn policy) {
        Map<JobId, List<Holding>> families = new LinkedHashMap<>();
        parents.forEach(parent -> families.put(parent.id(), new ArrayList<>()));
        done(parents.stream()
                .map(parent -> parent.fanOut(policy, children(into, children)))
                .toList());
        claim(into).forEach(child -> families.get(child.parent().orElseThrow()).add(child));
        List<Family> all = new ArrayList<>();
        families.forEach((parent, its) -> all.add(new Family(parent, its)));
        assertThat(all).allSatisfy(family -> assertThat(family.children()).hasSize(children));
        return all;
    }

    /** Each claimable parent of parents, held. */
    List<Holding> claimParents() {
        return claim(PARENT);
    }

    /** Each claimable parent that is a child, held. */
    List<Holding> claimMiddles() {
        return claim(MIDDLE);
    }

    /** Each claimable child without children, held. */
    List<Holding> claimChildren() {
        return claim(CHILD);
    }

    /** What one claim by a process of its own takes. */
    static List<Holding> claimChild(JobStore process, String queue) {
        return process.claim(request(queue, CHILD, 1)).stream().map(Holding::of).toList();
    }

    /** Writes that nobody else is in the way of. */
    void done(List<JobWrite> writes) {
        for (int from = 0; from < writes.size(); from += AT_ONCE) {
            assertThat(store.write(writes.subList(from, Math.min(writes.size(), from + AT_ONCE))))
                    .allSatisfy(answer -> assertThat(answer).isInstanceOf(Answer.Done.class));
        }
    }

    private List<Holding> claim(Runs runs) {
        List<Holding> all = new ArrayList<>();
        List<Claimed> some;
        do {
            some = store.claim(request(queue, runs, AT_ONCE));
            some.forEach(claimed -> all.add(Holding.of(claimed)));
        } while (!some.isEmpty());
        return all;
    }

    private static ClaimRequest request(String queue, Runs runs, int most) {
        return ClaimRequest.everywhere(queue, List.of(runs), "test#" + UUID.randomUUID(), Holding.LEASE, most);
    }

    private NewRow row() {
        return new NewRow(
                new JobId(queue, UUID.randomUUID()),
                PARENT.pipeline(),
                1,
                2,
                Optional.empty(),
                Json.of("{}"),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO);
    }

    private static List<NewChild> children(Runs into, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new NewChild(UUID.randomUUID(), "child-" + i, into.pipeline(), 1, into.stages(), Json.of("{}")))
                .toList();
    }
}
