package dev.pawl.dashboard;

import dev.pawl.embed.Pawl;
import dev.pawl.scan.ScanState;
import dev.pawl.view.ActiveJobs;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What several answers are made of, read once for all of them, and kept for a moment. */
final class Reads {
    /** At how many active jobs the overview looks. */
    static final int ACTIVE = 100;

    private static final Duration SPARKLINES = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofHours(24);
    private static final int MOST_SPARKLINES = 20;

    private final Pawl pawl;
    private final Duration fresh;
    private final Memo<List<QueueOverview>> queues;
    private final Memo<List<ScanState>> scans;
    private final Memo<ActiveJobs> active;
    private final Memo<Stats> stats;

    Reads(Settings settings, LongSupplier nanos) {
        this.pawl = settings.pawl();
        this.fresh = settings.refresh().dividedBy(2);
        this.queues = new Memo<>(Runnable::run, settings.patience(), nanos);
        this.scans = new Memo<>(Runnable::run, settings.patience(), nanos);
        this.active = new Memo<>(Runnable::run, settings.patience(), nanos);
        this.stats = new Memo<>(Runnable::run, settings.patience(), nanos);
    }

    List<QueueOverview> queues() {
        return queues.get("", fresh, () -> pawl.views().queues());
    }

    List<ScanState> scans() {
        return scans.get("", fresh, () -> pawl.scans().all());
    }

    /** One reading serves all who ask for no more than the overview looks at. */
    ActiveJobs active(Optional<String> queue, int limit) {
        int read = Math.max(limit, ACTIVE);
        ActiveJobs found =
                active.get(queue + " " + read, fresh, () -> pawl.views().active(queue, read));
        return found.rows().size() <= limit
                ? found
                : new ActiveJobs(found.rows().subList(0, limit), false, found.asOf());
    }

    Stats stats(StatsQuery query) {
        return stats.get(query.toString(), fresh, () -> pawl.views().stats(query));
    }

    /** How jobs ended in the last day, by the hour, for the first queues. */
    Map<String, List<Stats.Step>> sparklines(List<QueueOverview> of) {
        Map<String, List<Stats.Step>> lines = new LinkedHashMap<>();
        for (String queue :
                of.stream().map(QueueOverview::queue).limit(MOST_SPARKLINES).toList()) {
            StatsQuery query =
                    StatsQuery.last(DAY).inStepsOf(Duration.ofHours(1)).queue(queue);
            lines.put(
                    queue,
                    stats.get("line " + queue, SPARKLINES, () -> pawl.views().stats(query))
                            .series());
        }
        return lines;
    }

    /** After an action everybody sees what it did. */
    void forget() {
        queues.forget();
        scans.forget();
        active.forget();
    }
}
