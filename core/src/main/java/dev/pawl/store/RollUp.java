package dev.pawl.store;

import dev.pawl.store.Tallies.Mark;
import dev.pawl.store.Tally.Grain;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts the ends of jobs, step by step, so that statistics need not.
 *
 * <p>A first look goes through a queue's ended jobs in the order of their ends, a few seconds behind the present, and adds a page to the
 * tallies of five minutes in the transaction that moves the mark: none is counted twice, whoever else counts. A transaction that
 * commits later than that leaves an end behind the mark. So there is a second look: a quarter of an hour after its end each span of
 * five minutes is counted anew, as it is then, and its hour is summed up. What is committed later still, by a transaction of the
 * application's that took longer, is in no statistics.
 *
 * <p>A job that was retried in that time has no end there any more, and counts where it ends next. One that is retried later counts
 * with both of its ends.
 */
public final class RollUp {
    /** How far behind the present the first look stays. */
    public static final Duration BEHIND = Duration.ofSeconds(5);

    /** How old a span is when it is counted a second time. */
    public static final Duration SETTLED = Duration.ofMinutes(15);

    private static final Duration FIVE = Grain.FIVE_MINUTES.length();
    private static final int PAGE = 5_000;

    /** For how long spans of five minutes are asked for: a window of up to two days begins with them. */
    private static final Duration FIVE_MINUTES_KEPT = Duration.ofDays(2).plusHours(1);

    /** For how long hours are asked for: the longest window. */
    private static final Duration HOURS_KEPT = Duration.ofDays(401);

    private RollUp() {}

    /**
     * Makes one step for a queue.
     *
     * @param store where to
     * @param queue its name
     * @return whether there may be another
     */
    public static boolean step(TallyStore store, String queue) {
        return store.write(tallies -> {
            Mark mark = tallies.mark(queue, true);
            return countPage(tallies, queue, mark) || recountSpan(tallies, queue, tallies.mark(queue, false));
        });
    }

    /**
     * Removes tallies that no statistics ask for any more: spans of five minutes once their hour is summed up and two days old, and
     * hours once they are older than the longest window.
     *
     * @param store where
     * @param queue its name
     * @param until what an earlier call returned; {@link Instant#EPOCH} if there was none
     * @return until when spans of five minutes are gone; does nothing if that is no later than {@code until}
     */
    public static Instant tidy(TallyStore store, String queue, Instant until) {
        return store.write(tallies -> {
            Instant now = tallies.now();
            Instant recounted = tallies.mark(queue, false).recountedTo();
            Instant old = now.minus(FIVE_MINUTES_KEPT);
            Instant five = Grain.HOUR.startOf(old.isBefore(recounted) ? old : recounted);
            if (!five.isAfter(until)) {
                return until;
            }
            tallies.replace(queue, Grain.FIVE_MINUTES, Instant.EPOCH, five, Map.of());
            tallies.replace(queue, Grain.HOUR, Instant.EPOCH, Grain.HOUR.startOf(now.minus(HOURS_KEPT)), Map.of());
            return five;
        });
    }

    /** Whether there are more: of a queue that is busy there always are a few, and its second look must not wait for them. */
    private static boolean countPage(Tallies tallies, String queue, Mark mark) {
        Instant before = tallies.now().minus(BEHIND);
        List<EndedJob> page = tallies.ended(queue, mark.countedAt(), mark.countedId(), before, PAGE);
        if (page.isEmpty()) {
            return false;
        }
        EndedJob last = page.get(page.size() - 1);
        Map<Tally.Key, Tally> sum = Tally.of(page);
        for (Instant start :
                sum.keySet().stream().map(Tally.Key::start).distinct().toList()) {
            Map<Tally.Key, Tally> span =
                    new HashMap<>(tallies.read(queue, Grain.FIVE_MINUTES, start, start.plus(FIVE)));
            sum.forEach((key, tally) -> {
                if (key.start().equals(start)) {
                    span.merge(key, tally, Tally::plus);
                }
            });
            tallies.replace(queue, Grain.FIVE_MINUTES, start, start.plus(FIVE), span);
        }
        Instant recounted =
                mark.equals(Mark.NONE) ? Grain.FIVE_MINUTES.startOf(page.get(0).endedAt()) : mark.recountedTo();
        tallies.mark(queue, new Mark(last.endedAt(), Optional.of(last.id().uuid()), recounted));
        return page.size() == PAGE;
    }

    /** The next span that has anything in it, if it is old enough; all before it are settled by that. */
    private static boolean recountSpan(Tallies tallies, String queue, Mark mark) {
        Instant settled = Grain.FIVE_MINUTES.startOf(tallies.now().minus(SETTLED));
        if (mark.equals(Mark.NONE) || !mark.recountedTo().isBefore(settled)) {
            return false;
        }
        Optional<Instant> next = nextSpan(tallies, queue, mark.recountedTo(), settled);
        next.ifPresent(start -> recount(tallies, queue, start));
        Instant to = next.map(start -> start.plus(FIVE)).orElse(settled);
        tallies.mark(queue, new Mark(mark.countedAt(), mark.countedId(), to));
        return next.isPresent();
    }

    private static Optional<Instant> nextSpan(Tallies tallies, String queue, Instant from, Instant before) {
        Optional<Instant> ended = tallies.ended(queue, from, Optional.empty(), before, 1).stream()
                .map(job -> Grain.FIVE_MINUTES.startOf(job.endedAt()))
                .findFirst();
        Instant until = ended.orElse(before);
        return tallies.read(queue, Grain.FIVE_MINUTES, from, until).keySet().stream()
                .map(Tally.Key::start)
                .min(Instant::compareTo)
                .or(() -> ended);
    }

    private static void recount(Tallies tallies, String queue, Instant start) {
        Map<Tally.Key, Tally> span = new HashMap<>();
        List<EndedJob> page;
        Instant from = start;
        Optional<UUID> after = Optional.empty();
        do {
            page = tallies.ended(queue, from, after, start.plus(FIVE), PAGE);
            Tally.of(page).forEach((key, tally) -> span.merge(key, tally, Tally::plus));
            if (!page.isEmpty()) {
                from = page.get(page.size() - 1).endedAt();
                after = Optional.of(page.get(page.size() - 1).id().uuid());
            }
        } while (page.size() == PAGE);
        tallies.replace(queue, Grain.FIVE_MINUTES, start, start.plus(FIVE), span);
        sumUp(tallies, queue, Grain.HOUR.startOf(start));
    }

    private static void sumUp(Tallies tallies, String queue, Instant hour) {
        Instant end = hour.plus(Grain.HOUR.length());
        Map<Tally.Key, Tally> sum = new HashMap<>();
        tallies.read(queue, Grain.FIVE_MINUTES, hour, end)
                .forEach((key, tally) ->
                        sum.merge(new Tally.Key(key.pipeline(), key.status(), hour), tally, Tally::plus));
        tallies.replace(queue, Grain.HOUR, hour, end, sum);
    }
}
