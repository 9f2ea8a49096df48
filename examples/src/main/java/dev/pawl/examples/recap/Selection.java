package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Choices;
import dev.pawl.examples.recap.Texts.Section;
import dev.pawl.examples.recap.Texts.Sections;
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
 * <p>Each article is weighed by TF-IDF over all articles of the decade. The sum over a genre says what the genre was
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
     * @param sections what is in which genre
     * @param articles the articles themselves
     * @return a choice for each section
     */
    public Choices choose(Sections sections, Articles articles) {
        Map<String, Vector> vectors = vectors(articles);
        return new Choices(sections.list().stream()
                .map(section -> choose(section, vectors))
                .toList());
    }

    private static Choice choose(Section section, Map<String, Vector> all) {
        Map<String, Vector> vectors = new LinkedHashMap<>(all);
        vectors.keySet().retainAll(section.ids());
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
                section.genre(),
                section.ids().size(),
                genre.heaviest(TERMS),
                chosen.stream().map(Candidate::id).toList());
    }

    private record Candidate(String id, Vector vector, double closeness) {
        boolean saysSomethingElseThan(Candidate other) {
            return vector.cosine(other.vector) < SAME;
        }
    }

    private static Map<String, Vector> vectors(Articles articles) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        Map<String, Integer> documentsWith = new HashMap<>();
        for (Article article : articles.list()) {
            List<String> telling = Words.telling(article.text());
            words.put(article.id(), telling);
            new LinkedHashSet<>(telling).forEach(word -> documentsWith.merge(word, 1, Integer::sum));
        }
        Map<String, Vector> vectors = new LinkedHashMap<>();
        words.forEach((id, telling) -> vectors.put(id, Vector.tfIdf(telling, documentsWith, words.size())));
        return vectors;
    }
}
