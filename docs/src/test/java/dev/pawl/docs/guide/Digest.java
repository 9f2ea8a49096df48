package dev.pawl.docs.guide;

import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.time.LocalDate;
import java.util.List;

// tag::pipeline[]
/** What a digest of the day is: its stages, in order, and what passes between them. */
final class Digest {
    record Request(LocalDate day, String language) {}

    record Articles(List<String> texts) {}

    record Summary(String text) {}

    static final Stage<Articles> FETCH = Stage.named("fetch", Articles.class);
    static final Stage<Summary> SUMMARISE = Stage.named("summarise", Summary.class);
    static final Stage<Void> PUBLISH = Stage.named("publish");

    static final Pipeline<Request, Void> PIPELINE =
            Pipeline.named("digest", Request.class).then(FETCH).then(SUMMARISE).then(PUBLISH);

    private Digest() {}
}
// end::pipeline[]
