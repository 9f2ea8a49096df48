package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Choices;
import dev.pawl.examples.recap.Texts.Reading;
import dev.pawl.examples.recap.Texts.Readings;
import dev.pawl.examples.recap.Texts.Telling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Chooses the articles that stand for their genre.
 *
 * <p>Each article is weighed by TF-IDF over the articles of all genres. The sum over a genre says what the genre was
 * about: its heaviest words are the terms, and the article closest to it is the first choice. The second is the closest
 * of those that say something else.
 */
public final class Selection {
    private static final int TERMS = 6;
    private static final int ARTICLES = 2;

    /** A second article that is more like the first than this adds nothing. */
    private static final double SAME = 0.35;

    /**
     * Chooses for every genre.
     *
     * @param readings of all genres
     * @return a choice for each
     */
    public Choices choose(Readings readings) {
        Map<String, Vector> vectors = vectors(readings);
        return new Choices(readings.list().stream()
                .map(reading -> choose(reading, vectors))
                .toList());
    }

    private static Choice choose(Reading reading, Map<String, Vector> all) {
        Map<String, Vector> vectors = new LinkedHashMap<>();
        reading.articles().forEach(article -> vectors.put(article.id(), all.get(article.id())));
        Vector genre = Vector.sum(List.copyOf(vectors.values()));
        List<Candidate> closestFirst = vectors.entrySet().stream()
                .map(article -> new Candidate(
                        article.getKey(), article.getValue(), article.getValue().cosine(genre)))
                .sorted(Comparator.comparingDouble(Candidate::closeness).reversed())
                .toList();
        List<Candidate> chosen = new ArrayList<>();
        for (Candidate candidate : closestFirst) {
            if (chosen.size() < ARTICLES && chosen.stream().allMatch(candidate::saysSomethingElseThan)) {
                chosen.add(candidate);
            }
        }
        return new Choice(
                reading.genre(),
                reading.articles().size(),
                genre.heaviest(TERMS),
                chosen.stream().map(Candidate::id).toList());
    }

    private record Candidate(String id, Vector vector, double closeness) {
        boolean saysSomethingElseThan(Candidate other) {
            return vector.cosine(other.vector) < SAME;
        }
    }

    private static Map<String, Vector> vectors(Readings readings) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        Map<String, Integer> documentsWith = new HashMap<>();
        for (Reading reading : readings.list()) {
            for (Telling article : reading.articles()) {
                words.put(article.id(), article.words());
                new LinkedHashSet<>(article.words()).forEach(word -> documentsWith.merge(word, 1, Integer::sum));
            }
        }
        Map<String, Vector> vectors = new LinkedHashMap<>();
        words.forEach((id, telling) -> vectors.put(id, Vector.tfIdf(telling, documentsWith, words.size())));
        return vectors;
    }
}
