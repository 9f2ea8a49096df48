package dev.pawl.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured for one workload, by contender. */
final class Figures {
    private final Workload workload;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    /** One contender, once: steps a second, and bytes of write-ahead log a job. */
    record Round(double rate, double wal) {}

    Figures(Workload workload) {
        this.workload = workload;
    }

    /** Takes a contender's place in the table, in the order of these calls. */
    void announce(String contender) {
        rounds.put(contender, new ArrayList<>());
    }

    void add(String contender, Round round) {
        rounds.computeIfAbsent(contender, name -> new ArrayList<>()).add(round);
    }

    /**
     * How many times faster one was than another: the median of the rounds' ratios, since what else the machine does
     * changes from round to round more than within one. NaN if one was not measured.
     */
    double ratio(String contender, String other) {
        List<Round> its = rounds.getOrDefault(contender, List.of());
        List<Round> others = rounds.getOrDefault(other, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(its.size(), others.size()); i++) {
            ratios.add(its.get(i).rate() / others.get(i).rate());
        }
        return median(ratios);
    }

    String table() {
        StringBuilder table = new StringBuilder("\n### ")
                .append(workload.title())
                .append("\n\n")
                .append(String.format(
                        "| %-42s | %10s | %21s | %14s | %11s | %10s |%n",
                        "contender", workload.unit(), "lowest to highest", "x db-scheduler", "x batches", "WAL, B/job"))
                .append(String.format(
                        "|%s|%s:|%s:|%s:|%s:|%s:|%n",
                        "-".repeat(44),
                        "-".repeat(11),
                        "-".repeat(22),
                        "-".repeat(15),
                        "-".repeat(12),
                        "-".repeat(11)));
        rounds.forEach((name, measured) -> table.append(String.format(
                Locale.ROOT,
                "| %-42s | %,10.0f | %21s | %14s | %11s | %,10.0f |%n",
                name,
                rate(name),
                spread(measured),
                times(ratio(name, Contenders.PEER)),
                times(ratio(name, Contenders.BATCHES)),
                median(measured.stream().map(Round::wal).toList()))));
        return table.toString();
    }

    private double rate(String contender) {
        return median(rounds.getOrDefault(contender, List.of()).stream()
                .map(Round::rate)
                .toList());
    }

    private static String times(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    private static String spread(List<Round> measured) {
        return String.format(
                Locale.ROOT,
                "%,.0f to %,.0f",
                measured.stream().mapToDouble(Round::rate).min().orElse(Double.NaN),
                measured.stream().mapToDouble(Round::rate).max().orElse(Double.NaN));
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
