package dev.pawl.testkit.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/**
 * Random histories that happen to two stores; {@code -Dpawl.model.seed=…} tries one again.
 *
 * @param histories makes one of a seed and a length
 * @param difference what the stores differ in after it
 * @param <S> a step of a history
 */
record Model<S>(BiFunction<Long, Integer, List<S>> histories, Function<List<S>, Optional<Throwable>> difference) {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    static final int STEPS = Integer.getInteger("pawl.model.steps", 60);
    private static final int SEEDS = 50;

    /** Until the time is over; fails with the shortest history that it can find. */
    void agrees() {
        forAWhile(seed -> {
            List<S> history = histories.apply(seed, STEPS);
            difference.apply(history).ifPresent(found -> fail(seed, history, found));
            return history;
        });
    }

    /** One seed after another, or the one that was asked for. */
    static void forAWhile(LongFunction<?> history) {
        Long asked = Long.getLong("pawl.model.seed");
        long seed = asked != null ? asked : ThreadLocalRandom.current().nextLong();
        long start = System.nanoTime();
        int tried = 0;
        do {
            var unused = history.apply(seed + tried++);
        } while (asked == null && System.nanoTime() - start < LENGTH.toNanos());
        System.out.println(tried + " histories of " + STEPS + " steps");
    }

    private void fail(long seed, List<S> history, Throwable found) {
        List<S> shortest = shortest(history);
        String steps = shortest.stream().map(Object::toString).collect(Collectors.joining("\n  "));
        Assertions.fail(
                "the stores differ; -Dpawl.model.seed=" + seed + " tries it again; the shortest history found:\n  "
                        + steps,
                difference.apply(shortest).orElse(found));
    }

    List<S> shortest(List<S> failing) {
        return Histories.shortest(failing, steps -> difference.apply(steps).isPresent());
    }

    /** The first history that shows a difference. */
    List<S> caught() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<S> history = histories.apply(seed, STEPS);
            if (difference.apply(history).isPresent()) {
                return history;
            }
        }
        throw new AssertionError(SEEDS + " histories of " + STEPS + " steps did not catch it");
    }
}
