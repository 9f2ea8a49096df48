package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.JsonValues;
import dev.pawl.store.NewRow;
import dev.pawl.store.QueueStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.model.Step.Act;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The same history on two stores, side by side. Any difference is an AssertionError that names the step. */
final class Sides {
    private static final Stage<Json> A = Stage.named("a", Json.class);
    private static final Stage<Json> B = Stage.named("b", Json.class);
    private static final Stage<Json> C = Stage.named("c", Json.class);
    private static final Stage<Json> D = Stage.named("d", Json.class);
    private static final Pipeline<Json, Json> OLD =
            Pipeline.named("model", Json.class).then(A).then(B).then(C);
    private static final Pipeline<Json, Json> NEW = Pipeline.named("model", Json.class)
            .version(2)
            .continuing(OLD)
            .then(A)
            .then(C)
            .then(D)
            .then(B);
    private static final Pipeline<Json, Json> CHILD =
            Pipeline.named("model-child", Json.class).then(A);
    private static final Runs AS_CHILD = Runs.asIs("model-child", 1, 1);
    private static final Runs AS_OLD = Runs.asIs("model", 1, 3);
    private static final Runs AS_NEW = Runs.asIs("model", 2, 4);
    private static final Runs OLD_AS_NEW = new Runs("model", 1, 1, 2, 4);
    private static final JsonValues VALUES = new JsonValues(JsonCodec.none(), JsonValues.STANDARD_LIMIT);
    private static final Actor ANN = Actor.user("ann");

    private final String queue = "q-" + UUID.randomUUID();
    private final InMemoryJobStore memory;
    private final JobStore postgres;
    private final QueueStore queues;
    private final JdbiPawl pawl;
    private final DataSource dataSource;
    private final Set<JobId> jobs = new TreeSet<>(Comparator.comparing(JobId::toString));
    private final Map<JobId, Object> seen = new HashMap<>();
    private final Fans fans = new Fans();
    private final Acts acts;
    private int claims;

    Sides(InMemoryJobStore memory, JobStore postgres, QueueStore queues, JdbiPawl pawl, DataSource dataSource) {
        this.memory = memory;
        this.acts = new Acts(memory, fans, jobs);
        this.postgres = postgres;
        this.queues = queues;
        this.pawl = pawl;
        this.dataSource = dataSource;
        for (Pipeline<Json, Json> pipeline : List.of(OLD, NEW, CHILD)) {
            for (JobStore store : List.of(memory, postgres)) {
                store.describe(pipeline.name(), pipeline.version(), pipeline.stageNames());
            }
        }
    }

    void run(List<Step> steps) throws SQLException {
        for (Step step : steps) {
            if (step instanceof Step.Enqueue enqueue) {
                enqueue(enqueue);
            } else if (step instanceof Step.Claim claim) {
                claim(claim);
            } else if (step instanceof Step.Write write) {
                write(write);
            } else if (step instanceof Step.InTransaction in) {
                inTransaction(in);
            } else if (step instanceof Step.Advance advance) {
                memory.time().advance(Duration.ofMillis(advance.millis()));
            } else if (step instanceof Step.Pause pause) {
                pause(pause.on());
            } else if (step instanceof Step.Orphans orphans) {
                assertThat(postgres.cancelOrphans(queue, orphans.most()))
                        .as("%s", orphans)
                        .isEqualTo(memory.cancelOrphans(queue, orphans.most()));
            }
            compareChanged(step);
        }
        jobs.forEach(id -> assertThat(postgres.find(id)).as("%s", id).isEqualTo(memory.find(id)));
        for (JobId id : jobs) {
            assertThat(recorded(postgres, id)).as("failures of %s", id).isEqualTo(recorded(memory, id));
            Set<Integer> all = IntStream.range(0, 4).boxed().collect(Collectors.toSet());
            assertThat(postgres.results(id, all)).as("results of %s", id).isEqualTo(memory.results(id, all));
        }
        fans.compare(memory, postgres);
    }

    /** What has changed on one side only is found at the end of the history. */
    private void compareChanged(Step step) {
        for (JobId id : jobs) {
            Optional<JobSnapshot> job = memory.find(id);
            Object now = job.map(Sides::changing).orElse(List.of());
            if (!now.equals(seen.put(id, now))) {
                assertThat(postgres.find(id)).as("%s after %s", id, step).isEqualTo(job);
            }
        }
    }

    private static List<Object> changing(JobSnapshot job) {
        return List.of(
                job.status(),
                job.stagesDone(),
                job.attempt(),
                job.takeovers(),
                job.token(),
                job.leaseExpiresAt(),
                job.progress(),
                job.dueAt(),
                job.since(),
                job.children());
    }

    /** Refused writes are reported by whoever was refused: here, that is the caller's transaction only. */
    private static List<Failure> recorded(JobStore store, JobId id) {
        return store.failures(id).stream()
                .filter(failure -> failure.kind() != Failure.Kind.REFUSED)
                .toList();
    }

    private void enqueue(Step.Enqueue enqueue) {
        List<NewRow> rows = enqueue.wishes().stream().map(this::row).toList();
        rows.forEach(row -> jobs.add(row.id()));
        assertThat(postgres.enqueue(rows)).as("%s", enqueue).isEqualTo(memory.enqueue(rows));
    }

    private NewRow row(Step.Wish wish) {
        return new NewRow(
                new JobId(queue, new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + wish.job())),
                "model",
                1,
                3,
                wish.key() < 0 ? Optional.empty() : Optional.of("key-" + wish.key()),
                Json.of("{\"job\": " + wish.job() + "}"),
                wish.key() == 1 ? ANN : Actor.SYSTEM,
                wish.priority(),
                Optional.empty(),
                Duration.ofSeconds(wish.delaySeconds()));
    }

    private void claim(Step.Claim claim) {
        List<Runs> runs = switch (claim.runs()) {
            case OLD -> List.of(AS_OLD, AS_CHILD);
            case NEW -> List.of(AS_NEW, OLD_AS_NEW, AS_CHILD);
            case BOTH -> List.of(AS_OLD, AS_NEW);
        };
        Duration length = Duration.ofSeconds(claim.leaseSeconds());
        ClaimRequest all = ClaimRequest.everywhere(queue, runs, "worker#" + ++claims, length, claim.max());
        ClaimRequest request = claim.suspects() ? all : all.withoutSuspects();
        List<Claimed> claimed = memory.claim(request);
        assertThat(postgres.claim(request)).as("%s", claim).isEqualTo(claimed);
        for (Claimed one : claimed) {
            acts.claimed(new HeldJob<>(pipelineOf(one.job()), one, length, VALUES, memory));
        }
    }

    private static Pipeline<Json, Json> pipelineOf(JobState job) {
        Pipeline<Json, Json> root = job.version() == 1 ? OLD : NEW;
        return job.pipeline().equals(CHILD.name()) ? CHILD : root;
    }

    private void write(Step.Write step) {
        Map<JobId, JobWrite> byJob = new LinkedHashMap<>();
        Map<JobId, HeldJob<Json>> holders = new LinkedHashMap<>();
        for (Act act : step.acts()) {
            acts.lease(act).ifPresent(held -> {
                JobWrite write = acts.toWrite(act, held);
                if (byJob.putIfAbsent(write.job(), write) == null) {
                    holders.put(write.job(), held);
                }
            });
        }
        for (List<JobWrite> writes : calls(List.copyOf(byJob.values()))) {
            List<Answer> answers = both(writes, step);
            if (step.answerLost()) {
                answers = both(writes, step);
            }
            for (int i = 0; i < writes.size(); i++) {
                learn(holders.get(writes.get(i).job()), answers.get(i));
            }
        }
    }

    /** What changes other jobs' rows than its own and their parents' is written by itself: in a call with them, either may be first. */
    private static List<List<JobWrite>> calls(List<JobWrite> writes) {
        List<List<JobWrite>> calls = new ArrayList<>();
        List<JobWrite> together = new ArrayList<>();
        for (JobWrite write : writes) {
            if (write instanceof JobWrite.Retry || write instanceof JobWrite.CancelChildren) {
                calls.add(List.of(write));
            } else {
                together.add(write);
            }
        }
        if (!together.isEmpty()) {
            calls.add(together);
        }
        return calls;
    }

    private List<Answer> both(List<JobWrite> writes, Step step) {
        List<Answer> answers = memory.write(writes);
        List<Answer> others = postgres.write(writes);
        assertThat(withoutWakers(others)).as("%s: %s", step, writes).isEqualTo(withoutWakers(answers));
        assertThat(fans.woken(others)).as("woken by %s: %s", step, writes).isEqualTo(fans.woken(answers));
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i) instanceof JobWrite.FanOut fanOut && answers.get(i) instanceof Answer.Done) {
                jobs.addAll(fans.started(fanOut));
            }
        }
        return answers;
    }

    /** Which of several that woke a parent together says so is the store's choice. */
    private static List<Answer> withoutWakers(List<Answer> answers) {
        return answers.stream()
                .map(answer -> answer instanceof Answer.Done done ? new Answer.Done(done.job()) : answer)
                .toList();
    }

    private static void learn(HeldJob<Json> held, Answer answer) {
        if (answer instanceof Answer.Done done && done.job().fence().equals(Optional.of(held.fence()))) {
            held.answered(done.job());
        }
    }

    /** Of what a handler's outcome amounts to; the model takes it as committed, or as never made. */
    private void inTransaction(Step.InTransaction step) throws SQLException {
        Optional<HeldJob<Json>> lease = acts.lease(step.act());
        if (lease.isEmpty() || lease.get().job().stage() >= lease.get().job().stages()) {
            return;
        }
        HeldJob<Json> held = lease.get();
        Outcome<Json> outcome = step.act().kind() == Step.Kind.FAIL_FOR_GOOD
                ? Outcome.failed("no")
                : Outcome.done(Acts.json("result", step.act()));
        Attempt<Json> attempt = new HeldAttempt<>(held, (job, progress) -> {}, () -> {});
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            JobTransaction transaction = pawl.in(connection);
            Throwable thrown = catchThrowable(() -> transaction.record(attempt, outcome));
            if (step.commits()) {
                Throwable atCommit = catchThrowable(connection::commit);
                compare(step, held, held.writing(outcome), thrown, atCommit);
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void compare(Step step, HeldJob<Json> held, JobWrite write, Throwable thrown, Throwable atCommit) {
        Answer answer = memory.write(List.of(write)).get(0);
        if (answer instanceof Answer.Done done) {
            assertThat(thrown).as("%s: %s", step, write).isNull();
            assertThat(atCommit).as("commit of %s", step).isNull();
            learn(held, done);
            return;
        }
        Refusal refusal = answer instanceof Answer.Refused refused ? refused.refusal() : new Refusal.AlreadyDone();
        assertThat(thrown).as("%s: %s", step, write).isInstanceOf(RefusedException.class);
        assertThat(((RefusedException) thrown).refusal())
                .as("%s: %s", step, write)
                .isEqualTo(refusal);
        assertThat(atCommit).as("commit of %s after a refusal", step).isInstanceOf(SQLException.class);
    }

    private void pause(boolean on) {
        for (QueueStore store : List.of(memory.queues(), queues)) {
            if (on) {
                store.pause(queue, ANN);
            } else {
                store.resume(queue, ANN);
            }
        }
        assertThat(queues.isPaused(queue)).isEqualTo(memory.queues().isPaused(queue));
    }

    /** For the message: what the leases were at the end. */
    @Override
    public String toString() {
        return queue + ": " + acts;
    }
}
