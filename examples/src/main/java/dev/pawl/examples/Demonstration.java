package dev.pawl.examples;

import static java.util.stream.Collectors.toMap;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Actor;
import dev.pawl.JsonCodec;
import dev.pawl.examples.demo.Database;
import dev.pawl.examples.demo.Figures;
import dev.pawl.examples.demo.Overview;
import dev.pawl.examples.demo.Plot;
import dev.pawl.examples.demo.Report;
import dev.pawl.examples.demo.Story;
import dev.pawl.examples.demo.Verdict;
import dev.pawl.examples.demo.WorkerMain;
import dev.pawl.examples.demo.WorkerProcess;
import dev.pawl.examples.jobs.Catalogue;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.examples.jobs.Recap.Request;
import dev.pawl.examples.jobs.RecapOutputs;
import dev.pawl.examples.recap.Archive;
import dev.pawl.examples.recap.Editor;
import dev.pawl.examples.recap.Texts.Chapters;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Stage;
import dev.pawl.scan.Scan;
import dev.pawl.view.JobProgress;
import dev.pawl.view.Stats;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * Recaps every decade of presidential addresses in worker processes, each genre by a child of its job. One process is
 * killed in the middle of a child, one frozen in the middle of a stage; it shows what became of their jobs. Then a scan walks over the recaps, lap after lap. Needs no network and no database but its own; for Linux and macOS.
 * Exits with 1 if any figure is not as it should be.
 */
public final class Demonstration implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final JsonCodec CODEC = new JacksonCodec();
    private static final int COMPLETED_BEFORE_THE_PLOT = 4;
    private static final int FORGOTTEN_BEFORE = 1820;

    private final PrintStream out;
    private final Path logs;
    private final Story story;
    private final Database database;
    private final HikariDataSource dataSource;
    private final JdbiPawl pawl;
    private final Map<String, JobId> jobs = new LinkedHashMap<>();
    private final CompletableFuture<Map<String, String>> recapsWithoutJobs = new CompletableFuture<>();
    private final Deque<WorkerProcess> workers = new ArrayDeque<>();
    private Optional<JobProgress> atTheKill = Optional.empty();
    private boolean closed;

    /**
     * Starts the database, with nothing in it but tables.
     *
     * @param out where to tell the story
     * @param logs a folder for what the workers log
     */
    Demonstration(PrintStream out, Path logs) {
        this.out = out;
        this.logs = logs;
        this.story = new Story(out);
        story.tell("starting PostgreSQL, with commits that are durable (fsync and synchronous_commit on)");
        database = Database.start();
        dataSource = Database.pool(database.url(), 5);
        PawlSchema.migrate(dataSource);
        RecapOutputs.create(Jdbi.create(dataSource));
        pawl = JdbiPawl.with(dataSource).codec(CODEC).name("demonstration").open();
    }

    /**
     * Runs the demonstration and exits with 0 if every figure is right.
     *
     * @param args none
     * @throws IOException if there is no place for the logs
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path logs = Files.createTempDirectory("pawl-demonstration-");
        System.setProperty("examples.log", logs.resolve("demonstration.log").toString());
        int exitCode = run(out, logs);
        if (exitCode == 0) {
            delete(logs);
        }
        System.exit(exitCode);
    }

    private static int run(PrintStream out, Path logs) {
        try (Demonstration demonstration = new Demonstration(out, logs)) {
            Thread closer = new Thread(demonstration::close, "closer"); // for Ctrl-C and SIGTERM
            Runtime.getRuntime().addShutdownHook(closer);
            Plot plot = demonstration.play();
            return demonstration.report(plot);
        } catch (RuntimeException e) {
            out.println();
            out.println("THE DEMONSTRATION FAILED: " + e);
            out.println("What its processes logged is in " + logs);
            return 1;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * Lets everything happen, and returns when all jobs have ended.
     *
     * @return who was killed and frozen, and where
     */
    Plot play() {
        enqueue();
        WorkerProcess first = start("worker-1");
        WorkerProcess second = start("worker-2");
        awaitReady(first);
        awaitReady(second);
        story.tell("worker-1 (process %d) and worker-2 (process %d) are at work: %d jobs each, leases of %d s"
                .formatted(first.pid(), second.pid(), WorkerMain.CONCURRENCY, WorkerMain.LEASE.toSeconds()));
        story.await("the first recaps", PATIENCE, () -> completed() >= COMPLETED_BEFORE_THE_PLOT);

        JobSnapshot killedIn = holdInTheMiddle(first, Recap.READ);
        JobSnapshot waiting = awaitSiblings(killedIn);
        first.kill();
        story.tell("SIGKILL to worker-1: it is gone, and has told nobody");
        atTheKill = pawl.views().progress(waiting.id());

        JobSnapshot frozenIn = holdInTheMiddle(second, Recap.EVIDENCE);
        second.freeze();
        story.tell("SIGSTOP to worker-2: it stands still, with its connections open");

        WorkerProcess third = start("worker-3", WorkerMain.HOLD + frozenIn.id());
        awaitReady(third);
        story.tell("worker-3 (process %d) is started; it knows of the other two only what the database says"
                .formatted(third.pid()));
        recapsWithoutJobs.completeAsync(Demonstration::recapsWithoutJobs); // while there is nothing to do but wait
        awaitTakeover(killedIn);
        awaitJoin(waiting);
        awaitTakeover(frozenIn);

        awaitHolding(third, Recap.EVIDENCE);
        second.thaw();
        second.tell(WorkerMain.GO_ON);
        story.tell("SIGCONT to worker-2: it goes on with the %s where it stood, and knows of nothing"
                .formatted(name(frozenIn)));
        awaitRefusal(frozenIn);
        third.tell(WorkerMain.GO_ON);

        story.await("the end of all jobs", PATIENCE, () -> ended() == jobs.size());
        story.tell("all jobs have ended; worker-2, which is well again, and worker-3 are told to stop");
        stop(second);
        stop(third);
        walk();
        return new Plot(first.name(), killedIn.id(), second.name(), frozenIn.id());
    }

    /**
     * Reads the figures, prints and judges them.
     *
     * @param plot what was done to the workers
     * @return the exit code: 0 if every figure is right
     */
    int report(Plot plot) {
        Figures figures = Figures.read(pawl.jobs(), pawl.scans(), Jdbi.create(dataSource), jobs);
        Map<String, String> recaps = recapsWithoutJobs.join();
        Report.lines(figures, plot, recaps).forEach(out::println);
        List<String> wrong = new ArrayList<>(Verdict.wrong(figures, plot, recaps));
        Stats stats = pawl.views().stats(Duration.ofHours(1));
        JobProgress progress = atTheKill.orElseThrow();
        Overview.lines(progress.job().key().orElseThrow(), progress, stats).forEach(out::println);
        wrong.addAll(Overview.wrong(stats, figures));
        out.println();
        if (wrong.isEmpty()) {
            out.println("Every figure was read from the database and is as it should be.");
        } else {
            out.println("WRONG FIGURES:");
            wrong.forEach(sentence -> out.println("  " + sentence));
        }
        return wrong.isEmpty() ? 0 : 1;
    }

    /** The data source, for tests that make a figure wrong. */
    HikariDataSource dataSource() {
        return dataSource;
    }

    /** Leaves no process behind: neither workers, frozen or not, nor the database. Repeating it does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        workers.forEach(WorkerProcess::close);
        pawl.close();
        dataSource.close();
        database.close();
    }

    /** What the stages make when they are called one after the other. */
    private static Map<String, String> recapsWithoutJobs() {
        Editor editor = new Editor();
        return new Archive()
                .decades().stream()
                        .collect(toMap(
                                decade -> new Request(decade).toString(),
                                decade -> editor.recap(decade).text()));
    }

    private void enqueue() {
        List<Request> requests =
                new Archive().decades().stream().map(Request::new).toList();
        List<Enqueued> enqueued = pawl.jobs()
                .enqueueAll(requests.stream()
                        .map(request -> NewJob.of(Recap.PIPELINE, request)
                                .key(request.toString())
                                .triggeredBy(Actor.user("demonstration")))
                        .toList());
        for (int i = 0; i < requests.size(); i++) {
            jobs.put(requests.get(i).toString(), enqueued.get(i).id());
        }
        story.tell("%d jobs enqueued: a recap of each decade from the %s to the %s, in %d stages"
                .formatted(
                        jobs.size(),
                        requests.get(0),
                        requests.get(requests.size() - 1),
                        Recap.PIPELINE.stages().size()));
    }

    private synchronized WorkerProcess start(String name, String... commands) {
        if (closed) {
            throw new IllegalStateException("closed: no more workers");
        }
        WorkerProcess worker = WorkerProcess.start(name, database.url(), logs.resolve(name + ".log"));
        workers.add(worker);
        List.of(commands).forEach(worker::tell);
        worker.tell(WorkerMain.START);
        return worker;
    }

    private void awaitReady(WorkerProcess worker) {
        story.await(worker.name() + " to be ready", PATIENCE, () -> worker.said(WorkerMain.READY));
    }

    private JobSnapshot holdInTheMiddle(WorkerProcess worker, Stage<?> stage) {
        worker.tell(WorkerMain.HOLD + stage);
        return awaitHolding(worker, stage);
    }

    /** Returns when the worker stays in the middle of a stage, and the database says so too. */
    private JobSnapshot awaitHolding(WorkerProcess worker, Stage<?> stage) {
        JobId id = JobId.parse(story.await(
                worker.name() + " in the middle of a stage", PATIENCE, () -> worker.said(WorkerMain.HOLDING)));
        JobSnapshot job = pawl.jobs().find(id).orElseThrow();
        if (!isHeldBy(worker.name(), job) || !job.stage().equals(Optional.of(stage.name()))) {
            throw new IllegalStateException(worker.name() + " says that it has a job that it has not: " + job);
        }
        story.tell("%s is in the middle of stage %s of the %s, under token %s"
                .formatted(worker.name(), stage, name(job), job.token().orElseThrow()));
        return job;
    }

    /** Returns when a child is the last that is open, with its parent, which waits for it. */
    private JobSnapshot awaitSiblings(JobSnapshot child) {
        JobSnapshot parent = story.await(
                "the other genres of " + child.parent().orElseThrow(),
                PATIENCE,
                () -> pawl.jobs()
                        .find(child.parent().orElseThrow())
                        .filter(job -> job.children()
                                .filter(genres -> genres.open() == 1)
                                .isPresent()));
        Children.Counts genres = parent.children().orElseThrow();
        story.tell("the %s wait at stage %s, with no lease and no worker: %d of %d genres read, %d open"
                .formatted(name(parent), Recap.GENRE, genres.completed(), genres.total(), genres.open()));
        return parent;
    }

    private void awaitTakeover(JobSnapshot before) {
        JobSnapshot after = story.await(
                "a takeover of " + before.id(),
                PATIENCE,
                () -> pawl.jobs().find(before.id()).filter(job -> !job.token().equals(before.token())));
        String progress = before.progress()
                .map(saved -> ", and goes on after the %d genres saved"
                        .formatted(CODEC.read(saved, Chapters.class).list().size()))
                .orElse("");
        story.tell("lease %s on the %s ran out: %s%s takes over%s"
                .formatted(
                        before.token().orElseThrow(),
                        name(before),
                        after.token().orElseThrow(),
                        after.holder().map(holder -> " " + Plot.worker(holder)).orElse(""),
                        progress));
    }

    private void awaitJoin(JobSnapshot waiting) {
        JobSnapshot joined = story.await(
                "the end of stage genre of " + waiting.id(),
                PATIENCE,
                () -> pawl.jobs().find(waiting.id()).filter(job -> job.stagesDone() > waiting.stagesDone()));
        story.tell("the last genre of the %s was read; its end woke them, and %s joined all %d"
                .formatted(
                        name(joined),
                        joined.token().orElseThrow(),
                        waiting.children().orElseThrow().total()));
    }

    private void awaitRefusal(JobSnapshot job) {
        story.await(
                "a refused write to " + job.id(),
                PATIENCE,
                () -> pawl.jobs().failures(job.id()).stream()
                        .anyMatch(failure -> failure.kind() == Failure.Kind.REFUSED));
        story.tell("worker-2 tried to write to the %s, and was refused".formatted(name(job)));
    }

    /** The end of the rows is the end of a lap, whatever was done with them: so nothing stays behind the cursor. */
    private void walk() {
        Scan scan = Catalogue.scan(pawl);
        story.tell("a scan walks over the recaps, a page and the cursor's move in one commit; lap 1: %s"
                .formatted(scan.lap()));
        int forgotten = Catalogue.forget(Jdbi.create(dataSource), FORGOTTEN_BEFORE);
        story.tell("%d of them, behind its cursor, are edited, and need it again; lap 2: %s"
                .formatted(forgotten, scan.lap()));
        story.tell("and where nothing needs it, it wraps all the same; lap 3: %s".formatted(scan.lap()));
    }

    private void stop(WorkerProcess worker) {
        if (!worker.stop(PATIENCE)) {
            throw new IllegalStateException(worker.name() + " did not stop as it was told");
        }
    }

    private long completed() {
        return statuses(JobStatus.COMPLETED::equals);
    }

    private long ended() {
        return statuses(JobStatus::isEnded);
    }

    private long statuses(Predicate<JobStatus> wanted) {
        return jobs.values().stream()
                .flatMap(id -> pawl.jobs().find(id).stream())
                .filter(job -> wanted.test(job.status()))
                .count();
    }

    /** {@code 1860s}, and of a child {@code 1860s economy}. */
    private String name(JobSnapshot job) {
        return job.parent()
                .map(parent -> name(pawl.jobs().find(parent).orElseThrow()) + " "
                        + job.childKey().orElseThrow())
                .orElseGet(() -> job.key().orElseThrow());
    }

    private static boolean isHeldBy(String worker, JobSnapshot job) {
        return job.holder().map(Plot::worker).filter(worker::equals).isPresent();
    }
}
