package com.example.recap;

import static com.example.recap.Recap.DEDUP;
import static com.example.recap.Recap.DISPATCH;
import static com.example.recap.Recap.DRAFT;
import static com.example.recap.Recap.EVIDENCE;
import static com.example.recap.Recap.FETCH;
import static com.example.recap.Recap.GENRE;
import static com.example.recap.Recap.ONE_GENRE;
import static com.example.recap.Recap.PERSIST;
import static com.example.recap.Recap.PREPROCESS;
import static com.example.recap.Recap.SELECT;
import static dev.pawl.job.Outcome.done;
import static java.util.stream.Collectors.toMap;

import com.example.recap.Recap.Drafts;
import com.example.recap.Recap.GenreDraft;
import com.example.recap.Recap.GenreTask;
import com.example.recap.Recap.Request;
import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import java.util.Map;

/** The recap's code: a handler for each stage, and children for the genres. */
final class Recaps {
    private Recaps() {}

    /** The last stage is a parameter, since it alone needs a database. */
    static Handlers<Request> recap(Editors editors, Handler<Request, Void> persist) {
        return Handlers.of(Recap.PIPELINE)
                .retrying(RetryPolicy.standard().attempts(5).exceptOn(IllegalArgumentException.class))
                .on(FETCH, job -> done(editors.fetch(job.payload())))
                .on(PREPROCESS, job -> done(editors.clean(job.result(FETCH))))
                .on(DEDUP, job -> done(editors.withoutDuplicates(job.result(PREPROCESS))))
                .fanOut(GENRE)
                .into(ONE_GENRE, job -> tasks(editors, job))
                .join(FanIn.tolerating(1), (job, genres) -> done(drafts(genres)))
                .on(SELECT, job -> done(editors.best(job.result(GENRE))))
                .on(EVIDENCE, job -> done(editors.withEvidence(job.result(SELECT), job.result(DEDUP))))
                .on(DISPATCH, job -> done(editors.polish(job.result(EVIDENCE))))
                .on(PERSIST, persist);
    }

    static Handlers<GenreTask> oneGenre(Editors editors) {
        return Handlers.of(ONE_GENRE)
                .retrying(RetryPolicy.never())
                .on(DRAFT, job -> done(editors.draft(job.payload())));
    }

    private static Map<String, GenreTask> tasks(Editors editors, Attempt<Request> job) {
        return editors.byGenre(job.result(DEDUP)).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, genre -> new GenreTask(genre.getKey(), genre.getValue())));
    }

    private static Drafts drafts(Children<GenreDraft> genres) {
        return new Drafts(genres.results(), genres.counts().failed());
    }
}
