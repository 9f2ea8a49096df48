package dev.pawl.testkit.contract;

import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a holder believes to hold, and the writes that it would make.
 *
 * @param id the job
 * @param fence what its writes carry
 * @param stage the position that they name
 */
record Held(JobId id, Fence fence, int stage) {
    static final Duration LENGTH = Duration.ofSeconds(30);
    static final Json RESULT = Json.of("{\"found\": 3}");
    static final Json PROGRESS = Json.of("{\"cursor\": 17}");

    /** Every kind that a holder can write, whether or not the stage has children. */
    static final List<Function<Held, JobWrite>> WRITES = List.of(
            Held::renew,
            held -> held.saveProgress(1_000),
            Held::checkpoint,
            held -> held.fail(LENGTH),
            Held::failForGood,
            Held::release,
            Held::fanOutIntoNothing);

    static Held by(Claimed claimed) {
        return new Held(
                claimed.job().id(),
                claimed.job().fence().orElseThrow(),
                claimed.job().stage());
    }

    FencingToken token() {
        return fence.token();
    }

    /** The same holder, believing the job at another stage. */
    Held at(int other) {
        return new Held(id, fence, other);
    }

    /** The same token under another name. */
    Held named(String holder) {
        return new Held(id, new Fence(fence.token(), holder), stage);
    }

    /** The same name with another token. */
    Held numbered(long token) {
        return new Held(id, new Fence(new FencingToken(token), fence.holder()), stage);
    }

    /** The same fence in another queue. */
    Held in(String queue) {
        return new Held(new JobId(queue, id.uuid()), fence, stage);
    }

    JobWrite renew() {
        return renew(LENGTH);
    }

    JobWrite renew(Duration length) {
        return new JobWrite.Renew(id, fence, length);
    }

    JobWrite saveProgress(long number) {
        return saveProgress(number, PROGRESS);
    }

    JobWrite saveProgress(long number, Json progress) {
        return saveProgress(number, progress, LENGTH);
    }

    JobWrite saveProgress(long number, Json progress, Duration length) {
        return new JobWrite.SaveProgress(id, fence, stage, number, progress, length);
    }

    JobWrite checkpoint() {
        return checkpoint(RESULT);
    }

    JobWrite checkpoint(Json result) {
        return checkpoint(Optional.of(result), LENGTH);
    }

    JobWrite checkpoint(Optional<Json> result, Duration length) {
        return new JobWrite.Checkpoint(id, fence, stage, result, length);
    }

    /** Fails, to be tried again after a while. */
    JobWrite fail(Duration retryIn) {
        return new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no such day"), Optional.of(retryIn));
    }

    JobWrite failForGood() {
        return new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no such day"), Optional.empty());
    }

    JobWrite release() {
        return release(Duration.ZERO);
    }

    JobWrite release(Duration delay) {
        return new JobWrite.Release(id, fence, stage, delay);
    }

    JobWrite fanOutIntoNothing() {
        return new JobWrite.FanOut(id, fence, stage, FanIn.ALL, List.of());
    }

    /** One of each kind that a holder can write. */
    List<JobWrite> everyWrite() {
        return WRITES.stream().map(kind -> kind.apply(this)).toList();
    }

    /** One of each kind that names its stage. */
    List<JobWrite> everyWriteOfItsStage() {
        return everyWrite().stream()
                .filter(write -> write instanceof JobWrite.AtStage)
                .toList();
    }
}
