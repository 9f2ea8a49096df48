package com.example.recap;

import static com.example.recap.Recap.DEDUP;
import static com.example.recap.Recap.DISPATCH;
import static com.example.recap.Recap.EVIDENCE;
import static com.example.recap.Recap.FETCH;
import static com.example.recap.Recap.GENRE;
import static com.example.recap.Recap.PERSIST;
import static com.example.recap.Recap.PREPROCESS;
import static com.example.recap.Recap.SELECT;
import static dev.pawl.job.Outcome.done;

import com.example.recap.Recap.Request;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;

/** The recap's code: a handler for each stage. */
final class Recaps {
    private Recaps() {}

    /** The last stage is a parameter, since it alone needs a database. */
    static Handlers<Request> recap(Editors editors, Handler<Request, Void> persist) {
        return Handlers.of(Recap.PIPELINE)
                .retrying(RetryPolicy.standard().attempts(5).exceptOn(IllegalArgumentException.class))
                .on(FETCH, job -> done(editors.fetch(job.payload())))
                .on(PREPROCESS, job -> done(editors.clean(job.result(FETCH))))
                .on(DEDUP, job -> done(editors.withoutDuplicates(job.result(PREPROCESS))))
                .on(GENRE, job -> done(editors.byGenre(job.result(DEDUP))))
                .on(SELECT, job -> done(editors.best(job.result(GENRE))))
                .on(EVIDENCE, job -> done(editors.withEvidence(job.result(SELECT), job.result(DEDUP))))
                .on(DISPATCH, job -> done(editors.polish(job.result(EVIDENCE))))
                .on(PERSIST, persist);
    }
}
