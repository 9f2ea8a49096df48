package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.store.Answer;
import dev.pawl.store.GroupCommit;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** J14, J15: writes to one job follow each other, and writes to many do each other no harm. */
interface NeighbourRules extends Scene {
    @Test
    default void J14_saved_progress_renews_the_lease_as_a_checkpoint_does() {
        // given
        Held held = held();
        time().advance(Duration.ofSeconds(20));

        // when
        done(held.saveProgress(1));

        // then
        assertThat(job(held).leaseExpiresAt()).contains(time().now().plus(LENGTH));
        time().advance(Duration.ofSeconds(20));
        done(held.checkpoint());
        assertThat(job(held).leaseExpiresAt()).contains(time().now().plus(LENGTH));
    }

    @Test
    default void J14_writes_to_one_job_that_are_made_at_once_are_done_one_after_the_other() {
        // given
        Held held = held();
        Held neighbour = held();
        ExecutorService threads = Executors.newCachedThreadPool();
        GroupCommit commits = new GroupCommit(jobs(), threads);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();

        // when: nobody waits for an answer before the next is asked for
        for (int number = 1; number <= 20; number++) {
            answers.add(commits.submit(held.saveProgress(number, Json.of(String.valueOf(number)))));
            answers.add(commits.submit(neighbour.saveProgress(number)));
        }
        answers.add(commits.submit(held.checkpoint()));
        answers.add(commits.submit(held.at(1).saveProgress(1)));

        // then
        assertThat(answers.stream().map(CompletableFuture::join)).hasOnlyElementsOfType(Answer.Done.class);
        threads.shutdown();
        JobSnapshot job = job(held);
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(job.progress()).contains(Held.PROGRESS);
        assertThat(job(neighbour).stagesDone()).isZero();
    }

    @Test
    default void J15_a_refused_write_harms_no_neighbour_wherever_it_stands() {
        // given
        for (JobWrite refused : refusedWrites()) {
            for (int place = 0; place < 3; place++) {
                List<Held> neighbours = List.of(held(), held());
                List<JobWrite> writes = new ArrayList<>();
                neighbours.forEach(held -> writes.add(held.checkpoint()));
                writes.add(place, refused);

                // when
                List<Answer> answers = new ArrayList<>(jobs().write(writes));

                // then
                assertThat(answers.remove(place)).as("%s", refused).isInstanceOf(Answer.Refused.class);
                assertThat(answers).as("beside %s", refused).hasOnlyElementsOfType(Answer.Done.class);
                assertThat(neighbours)
                        .allSatisfy(held -> assertThat(job(held).stagesDone()).isEqualTo(1));
            }
        }
    }

    @Test
    default void J15_many_refused_writes_harm_no_neighbour_of_another_kind() {
        // given
        List<JobWrite> writes = new ArrayList<>();
        for (JobWrite refused : refusedWrites()) {
            writes.add(refused);
            List<JobWrite> kinds = held().everyWrite();
            writes.add(kinds.get(writes.size() / 2 % kinds.size()));
        }

        // when
        List<Answer> answers = jobs().write(writes);

        // then
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i))
                    .as("%s", writes.get(i))
                    .isInstanceOf(i % 2 == 0 ? Answer.Refused.class : Answer.Done.class);
        }
    }

    /** To as many jobs: by one that was superseded, that let go, that is at another stage, is too late, or never was. */
    private List<JobWrite> refusedWrites() {
        List<Held> zombies = Held.WRITES.stream().map(kind -> held()).toList();
        time().advance(LENGTH);
        assertThat(claim(zombies.size())).hasSameSizeAs(zombies);
        List<JobWrite> refused = new ArrayList<>();
        for (int kind = 0; kind < zombies.size(); kind++) {
            refused.add(zombies.get(kind).everyWrite().get(kind));
        }
        Held released = held();
        done(released.release(Duration.ofDays(1)));
        refused.add(released.checkpoint());
        Held elsewhere = held();
        refused.add(elsewhere.at(2).checkpoint());
        Held older = held();
        JobState saved = done(older.saveProgress(7));
        refused.add(older.saveProgress(saved.progressNo() - 1));
        Held ended = held();
        done(ended.failForGood());
        refused.add(ended.renew());
        refused.add(new Held(new JobId(queue(), UUID.randomUUID()), ended.fence(), 0).checkpoint());
        refused.add(retry(enqueue(draft().after(Duration.ofDays(1))).id()));
        return refused;
    }
}
