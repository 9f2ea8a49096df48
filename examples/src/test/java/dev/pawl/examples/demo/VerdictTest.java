package dev.pawl.examples.demo;

import static dev.pawl.examples.demo.Samples.CHILD_OF_FROZEN;
import static dev.pawl.examples.demo.Samples.CHILD_OF_KILLED;
import static dev.pawl.examples.demo.Samples.DURABLE;
import static dev.pawl.examples.demo.Samples.FROZEN;
import static dev.pawl.examples.demo.Samples.KILLED;
import static dev.pawl.examples.demo.Samples.PLOT;
import static dev.pawl.examples.demo.Samples.RECAPS;
import static dev.pawl.examples.demo.Samples.checkpoint;
import static dev.pawl.examples.demo.Samples.checkpoints;
import static dev.pawl.examples.demo.Samples.plus;
import static dev.pawl.examples.demo.Samples.snapshot;
import static dev.pawl.examples.demo.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.demo.Figures.Checkpoint;
import dev.pawl.examples.demo.Figures.OneJob;
import dev.pawl.examples.demo.Figures.Output;
import dev.pawl.job.Failure;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each figure, made wrong alone, is found. */
class VerdictTest {
    private static final List<OneJob> CHILDREN = List.of(CHILD_OF_KILLED, CHILD_OF_FROZEN);

    @Test
    void right_figures_are_right() {
        assertThat(wrong(Samples.right())).isEmpty();
    }

    @Test
    void a_job_that_is_gone_is_lost() {
        assertThat(wrong(with(KILLED, snapshotOf(Optional.empty()))))
                .containsExactly("1900s is not completed, but gone");
    }

    @Test
    void a_job_that_failed_is_not_completed() {
        assertThat(wrong(with(KILLED, snapshotOf(Optional.of(snapshot(Samples.FROZEN_IN, JobStatus.FAILED, 10))))))
                .containsExactly("1900s is not completed, but FAILED");
    }

    @Test
    void a_stage_that_was_checkpointed_twice_is_found() {
        assertThat(wrong(with(KILLED, checkpointed(plus(checkpoints(2, 10), checkpoint(7, 10))))))
                .containsExactly("1900s has 2 checkpoints of stage persist");
    }

    @Test
    void a_stage_that_was_not_checkpointed_is_found() {
        assertThat(wrong(with(KILLED, checkpointed(checkpoints(2, 10).subList(1, 8)))))
                .containsExactly("1900s has 0 checkpoints of stage fetch");
    }

    @Test
    void a_checkpoint_under_a_token_that_had_been_superseded_is_found() {
        List<Checkpoint> zombies = checkpoints(2, 10).stream()
                .map(checkpoint -> checkpoint.position() == 6 ? checkpoint(6, 2) : checkpoint)
                .toList();

        assertThat(wrong(with(KILLED, checkpointed(zombies))))
                .containsExactly("1900s was checkpointed at dispatch under #2, after #10 had taken over");
    }

    @Test
    void a_second_output_is_found() {
        assertThat(wrong(with(
                        KILLED, written(plus(FROZEN.outputs(), FROZEN.outputs().get(0))))))
                .containsExactly("1900s has 2 outputs");
    }

    @Test
    void a_missing_output_is_found() {
        assertThat(wrong(with(KILLED, written(List.of())))).containsExactly("1900s has 0 outputs");
    }

    @Test
    void an_output_of_a_worker_that_did_not_finish_the_job_is_found() {
        assertThat(wrong(with(KILLED, written(List.of(new Output("Of trusts.\n", 2, "worker-2#b1"))))))
                .containsExactly("1900s has an output under #2, but its last checkpoint is another's");
    }

    @Test
    void a_recap_that_says_something_else_is_found() {
        assertThat(wrong(with(KILLED, written(List.of(new Output("Of Texas.\n", 10, "worker-3#c2"))))))
                .containsExactly("1900s has another recap than without jobs");
    }

    @Test
    void an_output_of_no_job_is_found() {
        assertThat(wrong(new Figures(List.of(KILLED, FROZEN), CHILDREN, 1, Plot.LAPS, 0, DURABLE)))
                .containsExactly("1 outputs belong to no job");
    }

    @Test
    void a_scan_that_stops_at_the_end_or_leaves_rows_out_is_found() {
        assertThat(wrong(new Figures(List.of(KILLED, FROZEN), CHILDREN, 0, 2, 7, DURABLE)))
                .containsExactly("the scan made 2 laps, and not 3", "7 recaps were left out by the scan");
    }

    @Test
    void a_job_without_children_is_found() {
        assertThat(wrong(with(List.of(CHILD_OF_KILLED), KILLED, FROZEN))).containsExactly("1900s has no genres");
    }

    @Test
    void a_child_that_was_read_twice_is_found() {
        OneJob twice = new OneJob(
                CHILD_OF_FROZEN.id(),
                CHILD_OF_FROZEN.name(),
                CHILD_OF_FROZEN.snapshot(),
                List.of(checkpoint(0, 8), checkpoint(0, 9)),
                List.of(),
                List.of());

        assertThat(wrong(with(List.of(CHILD_OF_KILLED, twice), KILLED, FROZEN)))
                .containsExactly("1900s society has 2 checkpoints of stage read");
    }

    @Test
    void it_is_found_if_nobody_took_over_from_the_killed_worker() {
        assertThat(wrong(with(List.of(failed(CHILD_OF_KILLED, List.of()), CHILD_OF_FROZEN), KILLED, FROZEN)))
                .containsExactly("nobody took over from worker-1, which was killed in " + Samples.KILLED_IN);
    }

    @Test
    void it_is_found_if_nobody_took_over_from_the_frozen_worker() {
        assertThat(wrong(with(KILLED, failed(FROZEN, FROZEN.failures(Failure.Kind.REFUSED)))))
                .containsExactly("nobody took over from worker-2, which was frozen in " + Samples.FROZEN_IN);
    }

    @Test
    void it_is_found_if_the_frozen_worker_was_never_refused() {
        assertThat(wrong(with(KILLED, failed(FROZEN, FROZEN.failures(Failure.Kind.TAKEN_OVER)))))
                .containsExactly("worker-2 came back to " + Samples.FROZEN_IN
                        + ", and no write of it was refused as superseded");
    }

    @Test
    void a_failure_at_a_stage_that_there_is_not_is_found() {
        Failure takeover = FROZEN.failures(Failure.Kind.TAKEN_OVER).get(0);
        Failure nowhere = new Failure(
                Failure.Kind.REFUSED,
                "9",
                0,
                takeover.token(),
                takeover.holder(),
                takeover.at(),
                Optional.empty(),
                "renewal refused",
                Optional.empty());

        assertThat(wrong(with(KILLED, failed(FROZEN, plus(FROZEN.failures(), nowhere)))))
                .containsExactly("1900s has a failure recorded at stage 9, which it does not have");
    }

    @Test
    void a_server_that_does_not_wait_for_its_disk_is_found() {
        Figures figures = new Figures(
                List.of(KILLED, FROZEN),
                CHILDREN,
                0,
                Plot.LAPS,
                0,
                Map.of("fsync", "off", "synchronous_commit", "on", "server_version", "18.6"));

        assertThat(wrong(figures)).containsExactly("fsync is off, so nothing was shown about durability");
    }

    private static List<String> wrong(Figures figures) {
        return Verdict.wrong(figures, PLOT, RECAPS);
    }

    private static OneJob snapshotOf(Optional<JobSnapshot> snapshot) {
        return new OneJob(
                FROZEN.id(), FROZEN.name(), snapshot, FROZEN.checkpoints(), FROZEN.failures(), FROZEN.outputs());
    }

    private static OneJob checkpointed(List<Checkpoint> checkpoints) {
        return new OneJob(
                FROZEN.id(), FROZEN.name(), FROZEN.snapshot(), checkpoints, FROZEN.failures(), FROZEN.outputs());
    }

    private static OneJob written(List<Output> outputs) {
        return new OneJob(
                FROZEN.id(), FROZEN.name(), FROZEN.snapshot(), FROZEN.checkpoints(), FROZEN.failures(), outputs);
    }

    private static OneJob failed(OneJob job, List<Failure> failures) {
        return new OneJob(job.id(), job.name(), job.snapshot(), job.checkpoints(), failures, job.outputs());
    }
}
