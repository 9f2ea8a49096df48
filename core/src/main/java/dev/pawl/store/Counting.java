package dev.pawl.store;

import dev.pawl.job.JobStatus;
import dev.pawl.store.Tallies.Mark;
import dev.pawl.store.Tally.Grain;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Statistics of what is counted, and of the last jobs, which are not yet: hours, five minutes at the edges, and a bounded rest. */
public final class Counting {
    /** How many jobs that are not counted yet are counted on the way. */
    public static final int REST = 10_000;

    private static final Duration EXACT_EDGES = Duration.ofDays(2);

    private final StatsQuery query;
    private final Instant from;
    private final Map<Tally.Key, Tally> sum = new HashMap<>();
    private Instant to;

    private Counting(StatsQuery query, Instant now) {
        Grain edge = query.window().compareTo(EXACT_EDGES) > 0 ? Grain.HOUR : Grain.FIVE_MINUTES;
        this.query = query;
        this.from = edge.startOf(now.minus(query.window()));
        this.to = now;
    }

    /**
     * Reads statistics.
     *
     * @param store where from
     * @param query which
     * @return what ended
     */
    public static Stats read(TallyStore store, StatsQuery query) {
        return store.read(tallies -> {
            Instant now = tallies.now();
            Counting counting = new Counting(query, now);
            query.queue().map(List::of).orElseGet(tallies::queues).forEach(queue -> counting.add(tallies, queue, now));
            return counting.stats(now);
        });
    }

    private void add(Tallies tallies, String queue, Instant now) {
        Mark mark = tallies.mark(queue, false);
        Instant firstHour = Grain.HOUR.startOf(from.plus(Grain.HOUR.length()).minusNanos(1));
        Instant hours = latest(firstHour, Grain.HOUR.startOf(mark.recountedTo()));
        add(tallies.read(queue, Grain.FIVE_MINUTES, from, firstHour));
        add(tallies.read(queue, Grain.HOUR, firstHour, hours));
        add(tallies.read(queue, Grain.FIVE_MINUTES, hours, now.plus(Grain.HOUR.length())));
        rest(tallies, queue, mark);
    }

    private void rest(Tallies tallies, String queue, Mark mark) {
        boolean inside = mark.countedAt().isBefore(from);
        Instant beyond = to.plus(Duration.ofDays(1));
        List<EndedJob> rest = tallies.ended(
                queue,
                inside ? from : mark.countedAt(),
                inside ? Optional.empty() : mark.countedId(),
                beyond,
                REST + 1);
        if (rest.size() > REST) {
            Instant last = rest.get(REST - 1).endedAt();
            to = last.isBefore(to) ? last : to;
        }
        add(Tally.of(rest.size() > REST ? rest.subList(0, REST) : rest));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void add(Map<Tally.Key, Tally> tallies) {
        tallies.forEach((key, tally) -> {
            if (query.pipeline().map(key.pipeline()::equals).orElse(true)) {
                sum.merge(key, tally, Tally::plus);
            }
        });
    }

    private Stats stats(Instant now) {
        Map<JobStatus, Tally> total = new HashMap<>();
        Map<String, Map<JobStatus, Tally>> pipelines = new TreeMap<>();
        Map<Instant, Map<JobStatus, Tally>> steps = new TreeMap<>();
        sum.forEach((key, tally) -> {
            total.merge(key.status(), tally, Tally::plus);
            pipelines
                    .computeIfAbsent(key.pipeline(), pipeline -> new HashMap<>())
                    .merge(key.status(), tally, Tally::plus);
            steps.computeIfAbsent(stepOf(key.start()), start -> new HashMap<>())
                    .merge(key.status(), tally, Tally::plus);
        });
        Map<String, Stats.Figures> byPipeline = new TreeMap<>();
        pipelines.forEach((name, tallies) -> byPipeline.put(name, figures(tallies)));
        List<Stats.Step> series = steps.entrySet().stream()
                .map(step -> new Stats.Step(step.getKey(), figures(step.getValue())))
                .toList();
        return new Stats(from, to, figures(total), byPipeline, series, now);
    }

    private Instant stepOf(Instant start) {
        long length = query.step().toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(start.getEpochSecond(), length) * length);
    }

    private static Stats.Figures figures(Map<JobStatus, Tally> tallies) {
        Tally completed = tallies.getOrDefault(JobStatus.COMPLETED, Tally.NONE);
        Tally failed = tallies.getOrDefault(JobStatus.FAILED, Tally.NONE);
        Tally cancelled = tallies.getOrDefault(JobStatus.CANCELLED, Tally.NONE);
        Tally judged = completed.plus(failed);
        Tally all = judged.plus(cancelled);
        return new Stats.Figures(
                completed.jobs(),
                failed.jobs(),
                cancelled.jobs(),
                all.failedAttempts(),
                all.takeovers(),
                times(judged.measured(), judged.run(), judged.runs()),
                times(judged.measured(), judged.waited(), judged.waits()));
    }

    private static Stats.Times times(long measured, Duration sum, Histogram histogram) {
        return measured == 0
                ? Stats.Times.NONE
                : new Stats.Times(
                        sum.dividedBy(measured),
                        histogram.quantile(0.5),
                        histogram.quantile(0.95),
                        histogram.quantile(0.99));
    }
}
