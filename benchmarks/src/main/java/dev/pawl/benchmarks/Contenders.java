package dev.pawl.benchmarks;

import java.util.List;

/** Who takes part. */
final class Contenders {
    private static final HandWritten HUNDRED = new HandWritten(100);
    private static final DbScheduler DB_SCHEDULER = new DbScheduler();

    static final String PAWL = "Pawl";
    static final String PEER = DB_SCHEDULER.name();
    static final String BATCHES = HUNDRED.name();

    static List<Contender> all() {
        return List.of(new HandWritten(1), HUNDRED, DB_SCHEDULER, new PawlContender());
    }

    private Contenders() {}
}
