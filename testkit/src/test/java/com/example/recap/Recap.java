package com.example.recap;

import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** What a recap is: its stages, in order, and what passes between them. */
final class Recap {
    record Request(LocalDate day, String language) {}

    record Article(UUID id, String title, String body) {}

    record Articles(List<Article> list) {}

    record GenreTask(String genre, List<Article> articles) {}

    record GenreDraft(String genre, String draft, double weight) {}

    record Drafts(List<GenreDraft> list, int missing) {}

    record Brief(String text) {}

    static final Stage<Articles> FETCH = Stage.named("fetch", Articles.class);
    static final Stage<Articles> PREPROCESS = Stage.named("preprocess", Articles.class);
    static final Stage<Articles> DEDUP = Stage.named("dedup", Articles.class);
    static final Stage<Drafts> GENRE = Stage.named("genre", Drafts.class);
    static final Stage<Drafts> SELECT = Stage.named("select", Drafts.class);
    static final Stage<Brief> EVIDENCE = Stage.named("evidence", Brief.class);
    static final Stage<Brief> DISPATCH = Stage.named("dispatch", Brief.class);
    static final Stage<Void> PERSIST = Stage.named("persist");

    static final Pipeline<Request, Void> PIPELINE = Pipeline.named("recap", Request.class)
            .then(FETCH)
            .then(PREPROCESS)
            .then(DEDUP)
            .then(GENRE)
            .then(SELECT)
            .then(EVIDENCE)
            .then(DISPATCH)
            .then(PERSIST);

    static final Stage<GenreDraft> DRAFT = Stage.named("draft", GenreDraft.class);

    /** The child of the genre stage. */
    static final Pipeline<GenreTask, GenreDraft> ONE_GENRE =
            Pipeline.named("recap-genre", GenreTask.class).then(DRAFT);

    private Recap() {}
}
