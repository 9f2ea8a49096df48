package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.Actor;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.testkit.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What the tests of all rules say with: how a job comes to be enqueued, held, taken over; what a write did, or did not. */
interface Scene {
    Duration LENGTH = Held.LENGTH;
    String PIPELINE = "recap";
    List<String> STAGES = List.of("fetch", "dedup", "persist");
    String SHORT = "digest";
    List<String> SHORT_STAGES = List.of("send");
    Actor ANN = Actor.user("ann");

    /** Each way in which a lease ends while the job stays. */
    List<Function<Held, JobWrite>> LETTING_GO = List.of(
            Held::release, held -> held.fail(LENGTH), Held::failForGood, held -> new JobWrite.Cancel(held.id(), ANN));

    JobStore jobs();

    QueueStore queues();

    LeaseStore leases();

    TestTime time();

    String queue();

    String holder(String worker);

    /** A transaction of an application's; empty for a store that takes part in none. */
    Optional<OpenTransaction> begin();

    /** Whether the store under test could be made to crash; if so, it did, and is back. */
    boolean crash();

    /** Whether the row of a named lease could be deleted; if so, it was. */
    boolean deleteLease(String name);

    // ---- enqueue ----

    /** A job of three stages, due at once. */
    default Draft draft() {
        return Draft.of(queue(), PIPELINE, STAGES);
    }

    /** A job of one stage, due at once. */
    default Draft shortDraft() {
        return Draft.of(queue(), SHORT, SHORT_STAGES);
    }

    default Enqueued enqueue(Draft draft) {
        return jobs().enqueue(List.of(draft.row())).get(0);
    }

    default JobId enqueued() {
        return enqueue(draft()).id();
    }

    /** So many jobs, each due a second after the one before, the last one now. */
    default List<JobId> enqueued(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    time().advance(Duration.ofSeconds(1));
                    return enqueued();
                })
                .toList();
    }

    // ---- claim ----

    default ClaimRequest request(String queue, int max) {
        List<Runs> runs = List.of(Runs.asIs(PIPELINE, 1, STAGES.size()), Runs.asIs(SHORT, 1, SHORT_STAGES.size()));
        return ClaimRequest.everywhere(queue, runs, holder("worker-1"), LENGTH, max);
    }

    /** As many as there are, up to a number, by as many claims as it takes: a suspect comes alone. */
    default List<Held> claim(int max) {
        List<Held> all = new ArrayList<>();
        List<Held> found;
        do {
            found = claim(request(queue(), max - all.size()));
            all.addAll(found);
        } while (!found.isEmpty() && all.size() < max);
        return List.copyOf(all);
    }

    default List<Held> claim(ClaimRequest request) {
        return jobs().claim(request).stream().map(Held::by).toList();
    }

    /** The one claimable job of the queue. */
    default Held claim() {
        return Held.by(claimOne());
    }

    default Claimed claimOne() {
        List<Claimed> claimed = jobs().claim(request(queue(), 10));
        assertThat(claimed).as("the one claimable job").hasSize(1);
        return claimed.get(0);
    }

    default List<JobId> claimedIds(int max) {
        return claim(max).stream().map(Held::id).toList();
    }

    default void assertNothingClaimable() {
        assertThat(claim(10)).as("what is claimable").isEmpty();
    }

    /** A new job, held at its first stage. */
    default Held held() {
        enqueued();
        return claim();
    }

    /** A new job, held at its last stage. */
    default Held heldAtLastStage() {
        Held held = held();
        done(held.checkpoint());
        done(held.at(1).checkpoint());
        return held.at(2);
    }

    /** Held by another, after the lease has run out. */
    default Held takenOver(Held former) {
        time().advance(LENGTH);
        Held successor = claim();
        assertThat(successor.id()).isEqualTo(former.id());
        return successor;
    }

    // ---- transactions of an application ----

    default OpenTransaction transaction() {
        Optional<OpenTransaction> open = begin();
        assumeTrue(open.isPresent(), "the store under test takes part in no transaction of its callers");
        return open.get();
    }

    // ---- write ----

    default Answer write(JobWrite write) {
        return jobs().write(List.of(write)).get(0);
    }

    /** A write that is done, and whose answer is the job as it is to be read now. */
    default JobState done(JobWrite write) {
        Answer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(Answer.Done.class);
        JobState state = ((Answer.Done) answer).job();
        assertAgrees(state, job(write.job()));
        return state;
    }

    /** A write that is told to have been done before, and that changes nothing. */
    default void repeated(JobWrite write) {
        Whole before = whole(write.job());
        assertThat(write(write)).as("%s", write).isInstanceOf(Answer.Repeated.class);
        assertThat(whole(write.job())).as("the job after %s", write).isEqualTo(before);
    }

    /** A write that is refused, and that changes nothing. */
    default Refusal refused(JobWrite write) {
        Whole before = whole(write.job());
        Answer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(Answer.Refused.class);
        assertThat(whole(write.job())).as("the job after %s", write).isEqualTo(before);
        return ((Answer.Refused) answer).refusal();
    }

    default Refusal.Reason reason(JobWrite write) {
        return refused(write).reason();
    }

    /** Puts a job out of the way. */
    default void end(JobId id) {
        if (!job(id).status().isEnded()) {
            done(cancel(id));
        }
    }

    default JobWrite cancel(JobId id) {
        return new JobWrite.Cancel(id, ANN);
    }

    default JobWrite retry(JobId id) {
        return new JobWrite.Retry(id, ANN);
    }

    // ---- read ----

    default JobSnapshot job(JobId id) {
        return jobs().find(id).orElseThrow(() -> new AssertionError("there is no job " + id));
    }

    default JobSnapshot job(Held held) {
        return job(held.id());
    }

    default Whole whole(JobId id) {
        return Whole.of(jobs(), id);
    }

    private static void assertAgrees(JobState answered, JobSnapshot read) {
        assertThat(answered.status()).as("status answered").isEqualTo(read.status());
        assertThat(answered.stage()).as("position answered").isEqualTo(read.stagesDone());
        assertThat(answered.attempt()).as("attempt answered").isEqualTo(read.attempt());
        assertThat(answered.takeovers()).as("takeovers answered").isEqualTo(read.takeovers());
        assertThat(answered.token()).as("token answered").isEqualTo(read.token());
        assertThat(answered.since()).as("since answered").isEqualTo(read.since());
        assertThat(answered.phase().dueAt()).as("due time answered").isEqualTo(read.dueAt());
        assertThat(answered.family().fan().map(fan -> fan.counts()))
                .as("children answered")
                .isEqualTo(read.children());
        assertThat(answered.fence().map(fence -> fence.holder()))
                .as("holder answered")
                .isEqualTo(read.holder());
    }
}
