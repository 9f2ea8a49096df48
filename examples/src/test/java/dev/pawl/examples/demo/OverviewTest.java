package dev.pawl.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobProgress.StageChildren;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.JobProgress.StageState;
import dev.pawl.view.JobSummary;
import dev.pawl.view.Stats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private static final Stats.Times TIMES = new Stats.Times(
            Duration.ofMillis(1_500), Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(4));
    private static final Stats STATS = stats(4, 2);

    private final List<String> lines = Overview.lines("1840s", progress(), STATS);

    /** As many as the samples' rows tell of. */
    private static Stats stats(long completed, long takeovers) {
        Stats.Figures all = new Stats.Figures(completed, 0, 0, 0, takeovers, TIMES, Stats.Times.NONE);
        return new Stats(Samples.NOW, Samples.NOW, all, Map.of("recap", all), List.of(), Samples.NOW);
    }

    private static JobProgress progress() {
        Child open = new Child("economy", summary(Samples.KILLED_IN, JobStatus.RUNNING));
        Child done = new Child("society", summary(Samples.FROZEN_IN, JobStatus.COMPLETED));
        StageChildren genres = new StageChildren(new Children.Counts(2, 1, 0, 0), true, List.of(open, done));
        return new JobProgress(
                summary(Samples.FIRST, JobStatus.WAITING),
                List.of(
                        stage("fetch", StageState.DONE, Optional.of(Duration.ofMillis(12)), Optional.empty()),
                        stage("genre", StageState.CURRENT, Optional.empty(), Optional.of(genres)),
                        stage("select", StageState.TO_DO, Optional.empty(), Optional.empty())),
                Samples.NOW);
    }

    private static StageProgress stage(
            String name, StageState state, Optional<Duration> took, Optional<StageChildren> children) {
        return new StageProgress(name, state, 1, Optional.of(Samples.NOW), took, children);
    }

    private static JobSummary summary(JobId id, JobStatus status) {
        return new JobSummary(
                id,
                Optional.empty(),
                "recap",
                1,
                status,
                Optional.of("genre"),
                1,
                3,
                1,
                0,
                0,
                Actor.SYSTEM,
                Samples.NOW,
                Optional.of(Samples.NOW),
                Samples.NOW,
                Optional.empty(),
                Optional.empty(),
                status == JobStatus.RUNNING
                        ? Optional.of(new JobSummary.Held(new FencingToken(7), "worker-1#a1", Samples.NOW, Samples.NOW))
                        : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_job_is_shown_stage_by_stage_and_with_what_it_waits_for() {
        assertThat(lines.stream().map(line -> line.replaceAll(" {2,}", ": ")))
                .contains(
                        "WHERE THE 1840s WERE",
                        "fetch: done: 12 ms",
                        "genre: current: 1 of 2 read; economy held by worker-1",
                        "select: to do");
    }

    @Test
    void statistics_are_shown_by_pipeline_and_in_all() {
        assertThat(lines.stream().map(line -> line.replaceAll(" {2,}", ": ")))
                .contains("recap: 4: 0: 100 %: 2: 1.5 s: 4.0 s", "all: 4: 0: 100 %: 2: 1.5 s: 4.0 s");
    }

    @Test
    void no_line_is_longer_than_a_screen_is_wide() {
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }

    @Test
    void statistics_that_differ_from_the_rows_are_found() {
        assertThat(Overview.wrong(STATS, Samples.right())).isEmpty();
        assertThat(Overview.wrong(stats(3, 1), Samples.right()))
                .containsExactly(
                        "the statistics tell of 3 completed, but the rows of 4",
                        "the statistics tell of 1 taken over, but the rows of 2");
    }
}
