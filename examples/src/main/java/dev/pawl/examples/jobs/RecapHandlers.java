package dev.pawl.examples.jobs;

import static dev.pawl.examples.jobs.Recap.DEDUP;
import static dev.pawl.examples.jobs.Recap.DISPATCH;
import static dev.pawl.examples.jobs.Recap.EVIDENCE;
import static dev.pawl.examples.jobs.Recap.FETCH;
import static dev.pawl.examples.jobs.Recap.GENRE;
import static dev.pawl.examples.jobs.Recap.ONE_GENRE;
import static dev.pawl.examples.jobs.Recap.PERSIST;
import static dev.pawl.examples.jobs.Recap.PREPROCESS;
import static dev.pawl.examples.jobs.Recap.READ;
import static dev.pawl.examples.jobs.Recap.SELECT;
import static dev.pawl.job.Outcome.done;

import dev.pawl.examples.jobs.Recap.GenreTask;
import dev.pawl.examples.jobs.Recap.Request;
import dev.pawl.examples.recap.Archive;
import dev.pawl.examples.recap.Cleaner;
import dev.pawl.examples.recap.Composer;
import dev.pawl.examples.recap.Evidence;
import dev.pawl.examples.recap.Genres;
import dev.pawl.examples.recap.NearDuplicates;
import dev.pawl.examples.recap.Reader;
import dev.pawl.examples.recap.Selection;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Chapter;
import dev.pawl.examples.recap.Texts.Chapters;
import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Readings;
import dev.pawl.examples.recap.Texts.Section;
import dev.pawl.job.Attempt;
import dev.pawl.job.FanIn;
import dev.pawl.job.Outcome;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The code of each stage of a recap. */
public final class RecapHandlers {
    private final Archive archive = new Archive();
    private final Cleaner cleaner = new Cleaner();
    private final NearDuplicates duplicates = new NearDuplicates();
    private final Genres genres = new Genres();
    private final Selection selection = new Selection();
    private final Evidence evidence = new Evidence();
    private final Composer composer = new Composer();
    private final Pace pace;

    private RecapHandlers(Pace pace) {
        this.pace = pace;
    }

    /**
     * The handlers. The last stage is a parameter, since it alone needs a database.
     *
     * @param pace {@link Pace#FULL} outside the demonstration
     * @param persist the last stage
     * @return to be run by a worker, or by a test
     */
    public static Handlers<Request> of(Pace pace, Handler<Request, Void> persist) {
        RecapHandlers recap = new RecapHandlers(pace);
        return Handlers.of(Recap.PIPELINE)
                .retrying(RetryPolicy.standard().attempts(5).exceptOn(IllegalArgumentException.class))
                .on(
                        FETCH,
                        recap.paced(job -> done(recap.archive.of(job.payload().decade()))))
                .on(PREPROCESS, recap.paced(job -> done(recap.cleaner.clean(job.result(FETCH)))))
                .on(DEDUP, recap.paced(job -> done(recap.duplicates.distinct(job.result(PREPROCESS)))))
                .fanOut(GENRE)
                .into(ONE_GENRE, recap::genres)
                .join(FanIn.ALL, (job, genres) -> done(new Readings(genres.results())))
                .on(SELECT, recap.paced(job -> done(recap.selection.choose(job.result(GENRE)))))
                .on(EVIDENCE, recap::findEvidence)
                .on(
                        DISPATCH,
                        recap.paced(job -> done(recap.composer.compose(
                                job.payload().decade(), job.result(EVIDENCE), job.result(DEDUP)))))
                .on(PERSIST, recap.paced(persist));
    }

    /**
     * The code of the children.
     *
     * @param pace {@link Pace#FULL} outside the demonstration
     * @return to be run by the same worker or another on the queue
     */
    public static Handlers<GenreTask> oneGenre(Pace pace) {
        Reader reader = new Reader();
        return Handlers.of(ONE_GENRE).on(READ, job -> {
            pace.beforeStep(job, 0);
            return done(reader.read(job.payload().genre(), job.payload().articles()));
        });
    }

    /** A child for each genre of which there are articles, under the genre's name. */
    private Map<String, GenreTask> genres(Attempt<Request> job) throws InterruptedException {
        pace.beforeStep(job, 0);
        Articles articles = articles(job);
        Map<String, GenreTask> tasks = new TreeMap<>();
        for (Section section : genres.sort(articles).list()) {
            tasks.put(section.genre().key(), new GenreTask(section.genre(), section.in(articles)));
        }
        return tasks;
    }

    /** Genre by genre. What is found is saved, so that whoever takes over goes on there. */
    private Outcome<Chapters> findEvidence(Attempt<Request> job) throws InterruptedException {
        List<Choice> choices = job.result(SELECT).list();
        Articles articles = articles(job);
        List<Chapter> found =
                new ArrayList<>(job.progress(Chapters.class).map(Chapters::list).orElse(List.of()));
        while (found.size() < choices.size()) {
            pace.beforeStep(job, found.size());
            found.add(evidence.support(choices.get(found.size()), articles));
            job.saveProgress(new Chapters(found));
        }
        return done(new Chapters(found));
    }

    private static Articles articles(Attempt<Request> job) {
        return job.result(DEDUP).articles();
    }

    private <R> Handler<Request, R> paced(Handler<Request, R> handler) {
        return job -> {
            pace.beforeStep(job, 0);
            return handler.handle(job);
        };
    }
}
