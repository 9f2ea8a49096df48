package dev.pawl.browser;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static java.util.stream.Collectors.toMap;

import dev.pawl.browser.Recaps.Articles;
import dev.pawl.browser.Recaps.Digest;
import dev.pawl.browser.Recaps.Genre;
import dev.pawl.browser.Recaps.Kept;
import dev.pawl.browser.Recaps.Request;
import dev.pawl.job.FanIn;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handlers;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The handlers. A stage takes as long as {@code pass} makes of it, and stands still where its request says so, until {@link #goOn}. */
final class Newsroom implements AutoCloseable {
    /** At most, and by chance: so long that nothing is tried again before one's eyes. */
    private static final Duration SOME_DAY = Duration.ofDays(365);

    private final Consumer<Duration> pass;
    private final CountDownLatch held = new CountDownLatch(1);

    Newsroom(Consumer<Duration> pass) {
        this.pass = pass;
    }

    Handlers<Request> recap() {
        return Handlers.of(Recaps.RECAP)
                .retrying(RetryPolicy.exponential(SOME_DAY, SOME_DAY).attempts(2))
                .on(Recaps.FETCH, job -> {
                    work(job.payload(), "fetch", 9_000);
                    if (job.payload().breaks().equals("archive")) {
                        return failed("the archive of " + job.payload().day() + " is closed");
                    }
                    return done(new Articles(1_240, List.of("https://example.org/a", "https://example.org/b")));
                })
                .on(Recaps.PREPROCESS, job -> {
                    work(job.payload(), "preprocess", 1_400);
                    return done(new Kept(1_180));
                })
                .on(Recaps.DEDUP, job -> {
                    work(job.payload(), "dedup", 2_600);
                    return done(new Kept(912));
                })
                .fanOut(Recaps.GENRE)
                .into(Recaps.SUMMARY, job -> {
                    work(job.payload(), "genre", 600);
                    return Recaps.GENRES.stream().collect(toMap(name -> name, name -> new Genre(name, job.payload())));
                })
                .join(
                        FanIn.tolerating(2),
                        (job, genres) ->
                                done(new Digest(Recaps.GENRES, genres.counts().completed())))
                .on(Recaps.SELECT, job -> {
                    work(job.payload(), "select", 800);
                    return done(new Kept(24));
                })
                .on(Recaps.EVIDENCE, job -> {
                    job.saveProgress(new Kept(7));
                    work(job.payload(), "evidence", 12_000);
                    return done(new Kept(24));
                })
                .on(Recaps.DISPATCH, job -> {
                    work(job.payload(), "dispatch", 300);
                    return done();
                })
                .on(Recaps.PERSIST, job -> {
                    work(job.payload(), "persist", 200);
                    return done();
                });
    }

    Handlers<Genre> genre() {
        return Handlers.of(Recaps.SUMMARY).retrying(RetryPolicy.never()).on(Recaps.SUMMARISE, job -> {
            work(job.payload().of(), job.payload().name(), 1_100);
            return done("What happened in " + job.payload().name());
        });
    }

    private void work(Request request, String place, long millis) throws InterruptedException {
        pass.accept(Duration.ofMillis(millis + 17L * Math.floorMod(request.day().hashCode(), 97)));
        if (request.breaks().equals(place)) {
            throw new UncheckedIOException(
                    "can't reach the archive of " + request.day(),
                    new ConnectException("Connection refused: " + request.note()));
        }
        if (request.holds().contains(place) && !held.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nobody let " + place + " of " + request.day() + " go on");
        }
    }

    /** Lets everything go on that stands still. */
    void goOn() {
        held.countDown();
    }

    @Override
    public void close() {
        goOn();
    }
}
