package dev.pawl.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param rounds whose median counts
 * @param warmUp how many rounds go before, uncounted, since the compiler is busy in them
 * @param workloads what is to be done
 * @param drain how many jobs are drained at a time
 * @param retention how many ended jobs are removed beside drains, 0 to leave it out
 * @param retentionBar what part of its speed a drain must keep meanwhile at the least, 0 for any
 * @param only contenders whose names contain this, all if empty
 * @param fanOut how many children, and as many jobs of their own, 0 to leave it out
 * @param fanOutBar how fast children of one parent must end at the least, in times of jobs of their own, 0 for any
 * @param scan over how many rows a lap goes, 0 to leave it out
 * @param scanBar how fast a scan's lap must be at the least, in times of a loop written by hand, 0 for any
 * @param leases how many calls of named leases, 0 to leave them out
 * @param ended beside how many ended jobs views are timed, 0 to leave them out
 * @param hot how many jobs go through the table of ended ones, 0 to leave it out
 * @param hotBar how many times what claims and checkpoints cost beside no ended jobs they may cost at the most, 0 for any
 * @param leaseBar how many times what a call costs by hand it may cost at the most, 0 for any
 * @param pages how many open pages of the dashboard watch a drain, 0 to leave the dashboard out
 * @param dashboardBar whether the dashboard must be within its bars
 * @param viewBar whether each view must be within its bar
 * @param bar by how many times Pawl must outdo db-scheduler at the least for the run to succeed, 0 for any
 */
record Options(
        int rounds,
        int warmUp,
        List<Workload> workloads,
        int fanOut,
        int scan,
        int leases,
        int ended,
        int drain,
        int retention,
        double retentionBar,
        String only,
        double bar,
        double fanOutBar,
        double scanBar,
        double leaseBar,
        int hot,
        double hotBar,
        boolean viewBar,
        int pages,
        boolean dashboardBar) {
    static final int THREADS = 8;
    static final int CONNECTIONS = 8;

    /** How many times what a child costs among a hundred it may cost among all, where the bar for fan-outs is asked for. */
    static final double COST_BAR = 1.5;

    private static final Set<String> FLAGS = Set.of("smoke", "view-bar", "dashboard-bar");

    static final String USAGE =
            "[smoke] [rounds=N] [warmup=N] [drain=JOBS] [pipeline=JOBS] [fanout=JOBS] [scan=ROWS] [leases=CALLS] [ended=JOBS] [retention=JOBS] [only=NAME] [bar=TIMES]"
                    + " [fanout-bar=TIMES] [scan-bar=TIMES] [lease-bar=TIMES] [hot=JOBS] [hot-bar=TIMES] [view-bar] [retention-bar=PART] [pages=PAGES] [dashboard-bar]";

    static Options of(List<String> words) {
        boolean smoke = words.contains("smoke");
        int rounds = smoke ? 1 : 5;
        int warmUp = smoke ? 0 : 8;
        int drain = smoke ? 400 : 20_000;
        int pipeline = smoke ? 40 : 2_000;
        int fanOut = smoke ? 400 : 10_000;
        int scan = smoke ? 5_000 : 1_000_000;
        int leases = smoke ? 50 : 2_000;
        int ended = smoke ? 5_000 : 1_000_000;
        int hot = smoke ? 200 : 5_000;
        double hotBar = 0;
        int retention = smoke ? 2_000 : 1_000_000;
        double retentionBar = 0;
        int pages = smoke ? 5 : 50;
        boolean dashboardBar = words.contains("dashboard-bar");
        boolean viewBar = words.contains("view-bar");
        String only = "";
        double bar = 0;
        double fanOutBar = 0;
        double scanBar = 0;
        double leaseBar = 0;
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.length() - value.length())) {
                case "rounds=" -> rounds = Integer.parseInt(value);
                case "warmup=" -> warmUp = Integer.parseInt(value);
                case "drain=" -> drain = Integer.parseInt(value);
                case "pipeline=" -> pipeline = Integer.parseInt(value);
                case "fanout=" -> fanOut = Integer.parseInt(value);
                case "fanout-bar=" -> fanOutBar = Double.parseDouble(value);
                case "scan=" -> scan = Integer.parseInt(value);
                case "scan-bar=" -> scanBar = Double.parseDouble(value);
                case "leases=" -> leases = Integer.parseInt(value);
                case "lease-bar=" -> leaseBar = Double.parseDouble(value);
                case "ended=" -> ended = Integer.parseInt(value);
                case "hot=" -> hot = Integer.parseInt(value);
                case "hot-bar=" -> hotBar = Double.parseDouble(value);
                case "retention=" -> retention = Integer.parseInt(value);
                case "retention-bar=" -> retentionBar = Double.parseDouble(value);
                case "pages=" -> pages = Integer.parseInt(value);
                case "only=" -> only = value;
                case "bar=" -> bar = Double.parseDouble(value);
                default -> {
                    if (!FLAGS.contains(word)) {
                        throw new IllegalArgumentException("unknown option '" + word + "'; known: " + USAGE);
                    }
                }
            }
        }
        if (hot > 10_000) {
            throw new IllegalArgumentException(
                    "hot must be 0 to 10000, which is what one call enqueues, but was " + hot);
        }
        if (drain == 0 && (retention > 0 || (ended > 0 && pages > 0))) {
            throw new IllegalArgumentException(
                    "retention and the dashboard are measured beside drains: leave them out, too (retention=0 pages=0), or name a drain and only=none");
        }
        List<Workload> workloads = new ArrayList<>();
        if (drain > 0) {
            workloads.add(Workload.drain(drain));
        }
        if (pipeline > 0) {
            workloads.add(Workload.pipeline(pipeline));
        }
        return new Options(
                rounds,
                warmUp,
                workloads,
                fanOut,
                scan,
                leases,
                ended,
                drain,
                retention,
                retentionBar,
                only,
                bar,
                fanOutBar,
                scanBar,
                leaseBar,
                hot,
                hotBar,
                viewBar,
                pages,
                dashboardBar);
    }
}
