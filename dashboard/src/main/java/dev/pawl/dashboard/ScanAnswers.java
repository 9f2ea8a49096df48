package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Json;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import java.util.Optional;

/** Scans, as the API tells of them; with their keys, or without. */
final class ScanAnswers {
    private static final int LONGEST = 2_000;

    private final boolean hidden;

    ScanAnswers(boolean hidden) {
        this.hidden = hidden;
    }

    ObjectNode scan(ScanState scan) {
        return new Fields()
                .put("name", scan.name())
                .put("keyset", scan.keyset())
                .put("step", scan.step())
                .put("token", scan.token().value())
                .text("holder", scan.holder())
                .put("since", scan.since())
                .put("lap", lap(scan.lap()))
                .text("lastPageAt", scan.lastPageAt())
                .text("lastWrapAt", scan.lastWrapAt())
                .put("lastLapRows", scan.lastLapRows())
                .text("nudgedAt", scan.nudgedAt())
                .maybe("failed", scan.failed(), this::failed)
                .maybe("standing", scan.failed().map(Standing::of), Standing::json)
                .node();
    }

    private ObjectNode lap(Lap lap) {
        return new Fields()
                .put("number", lap.number())
                .text("cursor", key(lap.cursor()))
                .text("end", key(lap.end()))
                .put("rows", lap.rows())
                .put("pages", lap.pages())
                .text("startedAt", lap.startedAt())
                .node();
    }

    private ObjectNode failed(FailedPage page) {
        return new Fields()
                .put("step", page.step())
                .put("lap", page.lap())
                .text("after", key(page.after()))
                .maybe(
                        "bounds",
                        page.bounds(),
                        bounds -> new Fields()
                                .put("last", key(bounds.last()))
                                .put("rows", bounds.rows())
                                .put("hasSuccessor", bounds.hasSuccessor())
                                .node())
                .put("attempts", page.attempts())
                .put("error", JobAnswers.cut(page.error(), LONGEST))
                .put("token", page.token().value())
                .put("since", page.since())
                .put("retryAt", page.retryAt())
                .put("failing", page.failing())
                .node();
    }

    ObjectNode skipped(SkippedPage skipped) {
        FailedPage page = skipped.page();
        Fields fields = new Fields().put("lap", page.lap()).text("after", key(page.after()));
        page.bounds().ifPresent(bounds -> fields.put("last", key(bounds.last())).put("rows", bounds.rows()));
        return fields.put("attempts", page.attempts())
                .put("error", JobAnswers.cut(page.error(), LONGEST))
                .put("by", JobAnswers.actor(skipped.by()))
                .put("at", skipped.at())
                .node();
    }

    private Optional<String> key(Optional<Json> key) {
        return key.map(this::key);
    }

    /** What is shown of a key, which a skip has to name. */
    String key(Json key) {
        return hidden ? "hidden" : JobAnswers.cut(key.text(), LONGEST);
    }
}
