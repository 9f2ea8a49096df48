package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Payloads, saved positions and results, as far as they are shown. */
final class Documents {
    private static final Logger log = LoggerFactory.getLogger(Documents.class);

    /** What is shown of all of them. */
    enum Shown {
        /** All as they are. */
        SHOWN,
        /** What a function makes of them. */
        REDACTED,
        /** None. */
        HIDDEN
    }

    private final Optional<Redaction> redaction;
    private final boolean hidden;

    Documents(Optional<Redaction> redaction, boolean hidden) {
        this.redaction = redaction;
        this.hidden = hidden;
    }

    Shown shown() {
        return hidden ? Shown.HIDDEN : redaction.isPresent() ? Shown.REDACTED : Shown.SHOWN;
    }

    ObjectNode json(Redaction.Document document, Visitor visitor) {
        long bytes = document.json().text().getBytes(StandardCharsets.UTF_8).length;
        if (hidden) {
            return hidden(bytes, "Payloads and results are hidden by this service.");
        }
        try {
            Optional<Json> shown = redaction.isEmpty()
                    ? Optional.of(document.json())
                    : redaction.get().shown(document, visitor);
            return shown.isEmpty()
                    ? hidden(bytes, "This document is hidden by this service.")
                    : tree(shown.get(), bytes, !shown.get().equals(document.json()));
        } catch (RuntimeException | IOException e) {
            log.warn(
                    "job {}: its {} is hidden, since it could not be redacted, or is no JSON",
                    document.job(),
                    document.part(),
                    e);
            return hidden(bytes, "This document is hidden: it could not be redacted, or is no JSON.");
        }
    }

    private static ObjectNode tree(Json json, long bytes, boolean redacted) throws IOException {
        Trees.Tree tree = Trees.of(json);
        Fields fields = new Fields()
                .put("state", redacted ? "REDACTED" : tree.cut() ? "CUT" : "SHOWN")
                .put("bytes", bytes);
        if (redacted || tree.cut()) {
            fields.put(
                    "note",
                    (redacted ? "Redacted by this service." : "")
                            + (redacted && tree.cut() ? " " : "")
                            + (tree.cut() ? "Cut: it is larger than can be shown." : ""));
        }
        return fields.put("tree", tree.node()).node();
    }

    private static ObjectNode hidden(long bytes, String note) {
        return new Fields()
                .put("state", Shown.HIDDEN)
                .put("bytes", bytes)
                .put("note", note)
                .node();
    }
}
