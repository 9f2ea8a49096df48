package dev.pawl.examples.demo;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.examples.demo.Figures.Checkpoint;
import dev.pawl.examples.demo.Figures.OneJob;
import dev.pawl.examples.demo.Figures.Output;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** Figures as they should be: two jobs, a child of the first taken from a killed worker, the second from a frozen one. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-02-16T10:00:00Z");
    static final JobId FIRST = new JobId("recap", new UUID(7, 1));
    static final JobId KILLED_IN = new JobId("recap", new UUID(7, 11));
    static final JobId FROZEN_IN = new JobId("recap", new UUID(7, 2));
    static final Plot PLOT = new Plot("worker-1", KILLED_IN, "worker-2", FROZEN_IN);
    static final Map<String, String> RECAPS = Map.of("1840s", "Of Texas.\n", "1900s", "Of trusts.\n");

    static final OneJob KILLED = new OneJob(
            FIRST,
            "1840s",
            Optional.of(snapshot(FIRST, JobStatus.COMPLETED, 9)),
            checkpoints(1, 9),
            List.of(),
            List.of(new Output("Of Texas.\n", 9, "worker-3#c1")));
    static final OneJob FROZEN = new OneJob(
            FROZEN_IN,
            "1900s",
            Optional.of(snapshot(FROZEN_IN, JobStatus.COMPLETED, 10)),
            checkpoints(2, 10),
            List.of(
                    failure(Failure.Kind.TAKEN_OVER, Recap.EVIDENCE, 2, "worker-2#b1", "claimed by another"),
                    failure(
                            Failure.Kind.REFUSED,
                            Recap.EVIDENCE,
                            2,
                            "worker-2#b1",
                            "progress refused: lease #2 (worker-2#b1) was superseded by #10 (worker-3#c2) at " + NOW)),
            List.of(new Output("Of trusts.\n", 10, "worker-3#c2")));
    static final OneJob CHILD_OF_KILLED = child(
            KILLED_IN,
            FIRST,
            "1840s economy",
            7,
            List.of(failure(Failure.Kind.TAKEN_OVER, Recap.READ, 3, "worker-1#a1", "claimed by another")));
    static final OneJob CHILD_OF_FROZEN =
            child(new JobId("recap", new UUID(7, 12)), FROZEN_IN, "1900s society", 8, List.of());
    static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "server_version", "18.6");

    static Figures right() {
        return with(KILLED, FROZEN);
    }

    static Figures with(OneJob... jobs) {
        return with(List.of(CHILD_OF_KILLED, CHILD_OF_FROZEN), jobs);
    }

    static Figures with(List<OneJob> children, OneJob... jobs) {
        return new Figures(List.of(jobs), children, 0, Plot.LAPS, 0, DURABLE);
    }

    static OneJob child(JobId id, JobId parent, String name, long token, List<Failure> failures) {
        return new OneJob(
                id,
                name,
                Optional.of(snapshot(id, Optional.of(parent), Recap.ONE_GENRE, JobStatus.COMPLETED, token)),
                List.of(new Checkpoint(0, token, Optional.of("worker-3#c4"))),
                failures,
                List.of());
    }

    /** Up to select under the first token, from evidence on under the second. */
    static List<Checkpoint> checkpoints(long first, long second) {
        return IntStream.range(0, 8)
                .mapToObj(stage -> checkpoint(stage, stage < 5 ? first : second))
                .toList();
    }

    static Checkpoint checkpoint(int stage, long token) {
        return new Checkpoint(stage, token, Optional.empty());
    }

    static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }

    static Failure failure(Failure.Kind kind, Stage<?> stage, long token, String holder, String message) {
        return new Failure(
                kind,
                stage.name(),
                1,
                new FencingToken(token),
                holder,
                NOW,
                Optional.empty(),
                message,
                Optional.empty());
    }

    static JobSnapshot snapshot(JobId id, JobStatus status, long token) {
        return snapshot(id, Optional.empty(), Recap.PIPELINE, status, token);
    }

    private static JobSnapshot snapshot(
            JobId id, Optional<JobId> parent, Pipeline<?, ?> pipeline, JobStatus status, long token) {
        List<String> stages = pipeline.stageNames();
        return new JobSnapshot(
                id,
                pipeline.name(),
                1,
                stages,
                status,
                status == JobStatus.COMPLETED ? stages.size() : 5,
                1,
                0,
                Optional.of(new FencingToken(token)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Json.of("{}"),
                Actor.SYSTEM,
                0,
                NOW,
                Optional.empty(),
                Optional.of(NOW),
                NOW,
                Optional.of(NOW),
                parent,
                parent.map(any -> "economy"),
                Optional.empty(),
                NOW);
    }

    private Samples() {}
}
