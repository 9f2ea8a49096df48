package dev.pawl.examples.jobs;

import dev.pawl.examples.recap.Genre;
import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Brief;
import dev.pawl.examples.recap.Texts.Chapters;
import dev.pawl.examples.recap.Texts.Choices;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Reading;
import dev.pawl.examples.recap.Texts.Readings;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.util.List;

/** What a recap is: its stages, in order, and what each results in. */
public final class Recap {
    /** The queue in which recaps wait. */
    public static final String QUEUE = "recap";

    /**
     * What is to be recapped.
     *
     * @param decade its first year, as 1900
     */
    public record Request(int decade) {
        /** {@code 1900s}, which is also the job's key. */
        @Override
        public String toString() {
            return decade + "s";
        }
    }

    /** The decade's addresses, cut into articles. */
    public static final Stage<Articles> FETCH = Stage.named("fetch", Articles.class);

    /** The same as plain prose. */
    public static final Stage<Articles> PREPROCESS = Stage.named("preprocess", Articles.class);

    /** Without articles that repeat another. */
    public static final Stage<Distinct> DEDUP = Stage.named("dedup", Distinct.class);

    /** Sorted by what they are about, and each genre read by a job of its own: the stage that fans out. */
    public static final Stage<Readings> GENRE = Stage.named("genre", Readings.class);

    /** What stands for each genre. */
    public static final Stage<Choices> SELECT = Stage.named("select", Choices.class);

    /** With sentences to quote: the long stage, which saves its progress genre by genre. */
    public static final Stage<Chapters> EVIDENCE = Stage.named("evidence", Chapters.class);

    /** The text to read. */
    public static final Stage<Brief> DISPATCH = Stage.named("dispatch", Brief.class);

    /** The text in the application's own table. */
    public static final Stage<Void> PERSIST = Stage.named("persist");

    /** All of it. */
    public static final Pipeline<Request, Void> PIPELINE = Pipeline.named("recap", Request.class)
            .then(FETCH)
            .then(PREPROCESS)
            .then(DEDUP)
            .then(GENRE)
            .then(SELECT)
            .then(EVIDENCE)
            .then(DISPATCH)
            .then(PERSIST);

    /**
     * What is to be read by a child.
     *
     * @param genre which
     * @param articles of this genre
     */
    public record GenreTask(Genre genre, List<Article> articles) {
        /** Keeps a copy of the list. */
        public GenreTask {
            articles = List.copyOf(articles);
        }
    }

    /** The only stage of a child. */
    public static final Stage<Reading> READ = Stage.named("read", Reading.class);

    /** The child of the genre stage: one genre of one decade. */
    public static final Pipeline<GenreTask, Reading> ONE_GENRE =
            Pipeline.named("recap-genre", GenreTask.class).then(READ);

    private Recap() {}
}
