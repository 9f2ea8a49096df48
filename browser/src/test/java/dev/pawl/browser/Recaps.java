package dev.pawl.browser;

import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.util.List;

/** What a newsroom's jobs are: a recap of a day's news in eight stages, one of them split by genre. */
final class Recaps {
    /**
     * A recap that is asked for.
     *
     * @param day of which
     * @param breaks the stage or genre at which it fails; empty if it does not
     * @param holds the stages and genres at which it stands still until the test lets it go on
     * @param note whatever the reader wrote
     */
    record Request(String day, String breaks, List<String> holds, String note) {
        static Request of(String day) {
            return new Request(day, "", List.of(), "");
        }

        Request breakingAt(String place) {
            return new Request(day, place, holds, note);
        }

        Request holdingAt(String... places) {
            return new Request(day, breaks, List.of(places), note);
        }

        Request with(String other) {
            return new Request(day, breaks, holds, other);
        }
    }

    record Articles(int fetched, List<String> sources) {}

    record Kept(int articles) {}

    record Digest(List<String> genres, int summaries) {}

    static final Stage<Articles> FETCH = Stage.named("fetch", Articles.class);
    static final Stage<Kept> PREPROCESS = Stage.named("preprocess", Kept.class);
    static final Stage<Kept> DEDUP = Stage.named("dedup", Kept.class);
    static final Stage<Digest> GENRE = Stage.named("genre", Digest.class);
    static final Stage<Kept> SELECT = Stage.named("select", Kept.class);
    static final Stage<Kept> EVIDENCE = Stage.named("evidence", Kept.class);
    static final Stage<Void> DISPATCH = Stage.named("dispatch");
    static final Stage<Void> PERSIST = Stage.named("persist");
    static final Pipeline<Request, Void> RECAP = Pipeline.named("recap", Request.class)
            .then(FETCH)
            .then(PREPROCESS)
            .then(DEDUP)
            .then(GENRE)
            .then(SELECT)
            .then(EVIDENCE)
            .then(DISPATCH)
            .then(PERSIST);

    /** One genre of a recap. */
    record Genre(String name, Request of) {}

    static final Stage<String> SUMMARISE = Stage.named("summarise", String.class);
    static final Pipeline<Genre, String> SUMMARY =
            Pipeline.named("genre", Genre.class).then(SUMMARISE);
    static final List<String> GENRES =
            List.of("business", "culture", "health", "politics", "science", "sports", "weather", "world");

    private Recaps() {}
}
