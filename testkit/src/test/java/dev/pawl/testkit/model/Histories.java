package dev.pawl.testkit.model;

import dev.pawl.testkit.model.Step.Act;
import dev.pawl.testkit.model.Step.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Makes histories, and makes them shorter. */
final class Histories {
    private static final int JOBS = 6;
    private static final int MOST_IN_BATCH = 5;
    private static final int[] MILLIS = {1, 100, 999, 1_000, 4_999, 5_000, 5_001, 60_000};

    private Histories() {}

    static List<Step> random(long seed, int length) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>(length);
        steps.add(new Step.Enqueue(List.of(wish(random), wish(random))));
        while (steps.size() < length) {
            steps.add(step(random));
        }
        return steps;
    }

    private static Step step(Random random) {
        int die = random.nextInt(100);
        if (die < 10) {
            return new Step.Enqueue(random.ints(1 + random.nextInt(3))
                    .mapToObj(i -> wish(random))
                    .toList());
        }
        if (die < 35) {
            return new Step.Claim(
                    one(random, Step.Runs.values()),
                    1 + random.nextInt(4),
                    random.nextInt(4) == 0 ? 60 : 5,
                    random.nextInt(4) > 0);
        }
        if (die < 75) {
            int acts = random.nextInt(3) == 0 ? 1 + random.nextInt(MOST_IN_BATCH) : 1;
            return new Step.Write(random.ints(acts).mapToObj(i -> act(random)).toList(), random.nextInt(8) == 0);
        }
        if (die < 82) {
            return new Step.InTransaction(act(random), random.nextInt(3) > 0);
        }
        if (die < 86) {
            return new Step.Orphans(random.nextInt(3) == 0 ? 10 : 1 + random.nextInt(2));
        }
        if (die < 98) {
            return new Step.Advance(MILLIS[random.nextInt(MILLIS.length)]);
        }
        return new Step.Pause(random.nextBoolean());
    }

    private static Step.Wish wish(Random random) {
        return new Step.Wish(
                random.nextInt(JOBS), random.nextInt(6) - 3, random.nextInt(3) - 1, random.nextInt(4) == 0 ? 5 : 0);
    }

    private static Act act(Random random) {
        int die = random.nextInt(12);
        Kind kind = die < 5 ? Kind.CHECKPOINT : die < 7 ? Kind.FAN_OUT : one(random, Kind.values());
        int shift = random.nextInt(6) == 0 ? random.nextInt(3) - 1 : 0;
        return new Act(kind, random.nextInt(1_000), shift, random.nextInt(3) == 0 ? 1 : 0);
    }

    private static <T> T one(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    /** Takes out what can be taken out, halves first, as long as what is left still fails. */
    static <S> List<S> shortest(List<S> failing, Predicate<List<S>> fails) {
        List<S> shortest = failing;
        for (int chunk = shortest.size() / 2; chunk >= 1; chunk = chunk == 1 ? 0 : (chunk + 1) / 2) {
            for (int from = 0; from < shortest.size(); ) {
                List<S> without = new ArrayList<>(shortest);
                without.subList(from, Math.min(from + chunk, without.size())).clear();
                if (fails.test(without)) {
                    shortest = without;
                } else {
                    from += chunk;
                }
            }
        }
        return shortest;
    }
}
