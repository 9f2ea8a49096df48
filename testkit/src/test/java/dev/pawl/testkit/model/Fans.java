package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.Family;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The fan-outs of a history, and how two stores agree on their children. */
final class Fans {
    private static final List<FanIn> POLICIES = List.of(FanIn.ALL, FanIn.FAIL_FAST, FanIn.tolerating(1));
    private static final int PAGE = 2;

    private final List<Fan> made = new ArrayList<>();
    private long children;

    private record Fan(JobId parent, FencingToken token) {}

    /** None to four children of one stage, or of three, so that they may have their own. */
    JobWrite.FanOut fanOut(HeldJob<Json> held, int stage, int variant) {
        boolean deep = variant / 15 % 3 == 0;
        List<NewChild> all = new ArrayList<>();
        for (int i = variant % 5; i > 0; i--) { // keys fall as ids rise
            UUID id = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0001_0000L + children++);
            all.add(new NewChild(
                    id,
                    "child-" + i,
                    deep ? "model" : "model-child",
                    1,
                    deep ? 3 : 1,
                    Json.of("{\"child\": " + i + "}")));
        }
        return new JobWrite.FanOut(held.id(), held.fence(), stage, POLICIES.get(variant / 5 % 3), all);
    }

    List<JobId> started(JobWrite.FanOut fanOut) {
        made.add(new Fan(fanOut.job(), fanOut.fence().token()));
        return fanOut.children().stream()
                .map(child -> new JobId(fanOut.job().queue(), child.id()))
                .toList();
    }

    /** The parents that answers say to have been woken; each by one of them. */
    List<UUID> woken(List<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer instanceof Answer.Done done && done.wokeParent())
                .map(answer -> ((Answer.Done) answer).job().family().parent())
                .map(Optional::orElseThrow)
                .map(Family.Parent::id)
                .sorted()
                .toList();
    }

    void compare(JobStore memory, JobStore postgres) {
        for (Fan fan : made) {
            assertThat(postgres.countChildren(fan.parent, fan.token))
                    .as("children of %s", fan)
                    .isEqualTo(memory.countChildren(fan.parent, fan.token));
            Optional<String> after = Optional.empty();
            List<ChildRow> page;
            do {
                page = memory.children(fan.parent, fan.token, after, PAGE);
                assertThat(postgres.children(fan.parent, fan.token, after, PAGE))
                        .as("children of %s after %s", fan, after)
                        .isEqualTo(page);
                after = page.stream().map(ChildRow::key).reduce((first, last) -> last);
            } while (page.size() == PAGE);
        }
    }
}
