package dev.pawl.testkit;

import static dev.pawl.job.Outcome.done;

import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs where the optional libraries are not: what works there, and what is said of the rest. */
public final class FakesAlone implements Supplier<List<String>> {
    private record Letter(String to) {}

    private static final Stage<Letter> WRITE = Stage.named("write", Letter.class);
    private static final Pipeline<Letter, Letter> MAIL =
            Pipeline.named("mail", Letter.class).then(WRITE);

    /** By its name, through another class loader. */
    public FakesAlone() {}

    @Override
    public List<String> get() {
        InMemoryPawl pawl = InMemoryPawl.create();
        JobId id = pawl.jobs().enqueue(NewJob.of(MAIL, new Letter("Ann"))).id();
        pawl.stepWorker(
                        "worker-1",
                        Handlers.of(MAIL)
                                .on(
                                        WRITE,
                                        job -> done(new Letter(
                                                "Dear " + job.payload().to()))))
                .untilIdle();
        String result = pawl.jobs().result(id, MAIL).orElseThrow().to();
        return Stream.concat(
                        Stream.of(pawl.job(id).status() + ": " + result),
                        Stream.of(TestPostgres.Source.EMBEDDED, TestPostgres.Source.TESTCONTAINERS)
                                .map(FakesAlone::whatIsMissing))
                .toList();
    }

    private static String whatIsMissing(TestPostgres.Source source) {
        try {
            return source + " is there: " + TestPostgres.shared(source);
        } catch (IllegalStateException missing) {
            return missing.getMessage();
        }
    }
}
