package dev.pawl.examples.recap;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weights of a text's words. In the order of the words, so that sums come out the same everywhere. */
record Vector(SortedMap<String, Double> weights, double length) {

    /** Each word's share in the text, times what it tells: the rarer in the whole collection, the more. */
    static Vector tfIdf(List<String> words, Map<String, Integer> documentsWith, int documents) {
        SortedMap<String, Double> weights = new TreeMap<>();
        words.forEach(word -> weights.merge(word, 1.0 / words.size(), Double::sum));
        weights.replaceAll(
                (word, share) -> share * Math.log((1.0 + documents) / (1.0 + documentsWith.getOrDefault(word, 0))));
        return of(weights);
    }

    static Vector sum(List<Vector> vectors) {
        SortedMap<String, Double> sum = new TreeMap<>();
        vectors.forEach(vector -> vector.weights.forEach((word, weight) -> sum.merge(word, weight, Double::sum)));
        return of(sum);
    }

    /** 1 for texts in the same direction, 0 for texts without a common word. Quick if this is the shorter text. */
    double cosine(Vector other) {
        double product = 0;
        for (Map.Entry<String, Double> word : weights.entrySet()) {
            product += word.getValue() * other.weights.getOrDefault(word.getKey(), 0.0);
        }
        double lengths = length * other.length;
        return lengths == 0 ? 0 : product / lengths;
    }

    /** The heaviest words, the heaviest first; of a word's singular and plural only the heavier. */
    List<String> heaviest(int count) {
        List<String> byWeight = weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .limit(2L * count)
                .toList();
        return byWeight.stream()
                .filter(word -> byWeight.subList(0, byWeight.indexOf(word)).stream()
                        .noneMatch(heavier -> heavier.equals(word + "s") || word.equals(heavier + "s")))
                .limit(count)
                .toList();
    }

    private static Vector of(SortedMap<String, Double> weights) {
        double squares = 0;
        for (double weight : weights.values()) {
            squares += weight * weight;
        }
        return new Vector(weights, Math.sqrt(squares));
    }
}
