package dev.pawl.testkit.model;

import dev.pawl.testkit.model.ScanStep.Act;
import dev.pawl.testkit.model.ScanStep.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes histories of scans. */
final class ScanHistories {
    private static final long[] NANOS = {1_000, 999_999_000L, 1_000_000_000L, 60_000_000_000L};
    private static final Kind[] USUAL = {Kind.BEGIN, Kind.MOVE, Kind.MOVE, Kind.MOVE, Kind.WRAP, Kind.FAIL, Kind.SKIP};

    private ScanHistories() {}

    static List<ScanStep> random(long seed, int length) {
        Random random = new Random(seed);
        List<ScanStep> steps = new ArrayList<>(length);
        steps.add(new ScanStep.Open(0, 0, keys(random.nextInt(12)), false));
        while (steps.size() < length) {
            steps.add(step(random));
        }
        return steps;
    }

    private static ScanStep step(Random random) {
        int die = random.nextInt(100);
        if (die < 12) {
            return new ScanStep.Open(
                    random.nextInt(3) / 2,
                    random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 0,
                    keys(random.nextInt(12)),
                    random.nextInt(3) == 0);
        }
        if (die < 86) {
            return new ScanStep.Write(act(random), random.nextInt(6) == 0);
        }
        if (die < 91) {
            return new ScanStep.InTransaction(
                    random.ints(1 + random.nextInt(3))
                            .mapToObj(i -> act(random))
                            .toList(),
                    act(random),
                    random.nextInt(3) > 0);
        }
        return new ScanStep.Advance(NANOS[random.nextInt(NANOS.length)]);
    }

    private static ScanStep.Keys keys(int die) {
        return die < 2 ? ScanStep.Keys.OTHERS : die < 3 ? ScanStep.Keys.UNREAD : ScanStep.Keys.THESE;
    }

    private static Act act(Random random) {
        Kind[] kinds = random.nextInt(5) == 0 ? Kind.values() : USUAL;
        int shift = random.nextInt(6) == 0 ? random.nextInt(4) - 2 : 0;
        return new Act(kinds[random.nextInt(kinds.length)], random.nextInt(1_000), shift, random.nextInt(6));
    }
}
