package dev.pawl.dashboard;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import java.util.Objects;
import java.util.Optional;

/**
 * What is shown of payloads, saved positions and results. Called by the dashboard's own threads, for each document of a job that somebody
 * looks at. Where it throws, the document is hidden, and that is logged.
 */
@FunctionalInterface
public interface Redaction {
    /**
     * Says what a visitor sees of a document.
     *
     * @param document which
     * @param visitor who looks
     * @return what is shown instead, or the same; empty to hide it
     */
    Optional<Json> shown(Document document, Visitor visitor);

    /** What kind of document. */
    enum Part {
        /** What the job is about. */
        PAYLOAD,
        /** The position that was saved last inside the current stage. */
        PROGRESS,
        /** What a stage came to. */
        RESULT
    }

    /**
     * JSON of the application's, of one job.
     *
     * @param job whose
     * @param pipeline the name of the job's pipeline
     * @param part what it is
     * @param stage of a result, the stage that it is of; of a saved position, the current one
     * @param json as it is stored
     */
    record Document(JobId job, String pipeline, Part part, Optional<String> stage, Json json) {
        /** Checks that nothing is missing. */
        public Document {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(part, "part");
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(json, "json");
        }
    }
}
