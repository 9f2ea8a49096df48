package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.docs.guide.Digest.PUBLISH;
import static dev.pawl.docs.guide.Digest.SUMMARISE;

import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.docs.guide.Digest.Summary;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;

// tag::pipeline[]
/** The next deploy: one stage more, before the last. */
final class DigestV2 {
    static final Stage<Summary> TRANSLATE = Stage.named("translate", Summary.class);

    static final Pipeline<Request, Void> PIPELINE = Pipeline.named("digest", Request.class)
            .version(2)
            .continuing(Digest.PIPELINE)
            .then(FETCH)
            .then(SUMMARISE)
            .then(TRANSLATE)
            .then(PUBLISH);

    private DigestV2() {}
}
// end::pipeline[]
