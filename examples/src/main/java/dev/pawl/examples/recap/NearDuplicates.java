package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Duplicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds articles that repeat an earlier one nearly word for word.
 *
 * <p>An article is taken as the set of its shingles, each three words in a row, hashed. Two articles are near-duplicates
 * if they share at least a third of the shingles that either has (their Jaccard similarity, computed exactly). An index
 * from shingle to article finds the candidates, so that not every pair has to be compared.
 */
public final class NearDuplicates {
    static final double THRESHOLD = 1.0 / 3;
    private static final int SHINGLE_WORDS = 3;

    /**
     * Keeps of each group of near-duplicates the one that comes first.
     *
     * @param articles in their order
     * @return those kept, in the same order, and those dropped
     */
    public Distinct distinct(Articles articles) {
        Map<String, Set<Long>> kept = new LinkedHashMap<>();
        Map<Long, List<String>> index = new HashMap<>();
        List<Article> distinct = new ArrayList<>();
        List<Duplicate> dropped = new ArrayList<>();
        for (Article article : articles.list()) {
            Set<Long> shingles = shingles(article.text());
            Duplicate duplicate = closest(article.id(), shingles, kept, index);
            if (duplicate.similarity() >= THRESHOLD) {
                dropped.add(duplicate);
                continue;
            }
            distinct.add(article);
            kept.put(article.id(), shingles);
            shingles.forEach(shingle ->
                    index.computeIfAbsent(shingle, any -> new ArrayList<>()).add(article.id()));
        }
        return new Distinct(new Articles(distinct), dropped);
    }

    private static Duplicate closest(
            String id, Set<Long> shingles, Map<String, Set<Long>> kept, Map<Long, List<String>> index) {
        Map<String, Integer> shared = new LinkedHashMap<>();
        for (long shingle : shingles) {
            index.getOrDefault(shingle, List.of()).forEach(other -> shared.merge(other, 1, Integer::sum));
        }
        Duplicate closest = new Duplicate(id, id, 0);
        for (Map.Entry<String, Integer> other : shared.entrySet()) {
            int both = other.getValue();
            int either = shingles.size()
                    + kept.getOrDefault(other.getKey(), Set.of()).size()
                    - both;
            double similarity = (double) both / either;
            if (similarity > closest.similarity()) {
                closest = new Duplicate(id, other.getKey(), similarity);
            }
        }
        return closest;
    }

    static Set<Long> shingles(String text) {
        List<String> words = Words.of(text);
        Set<Long> shingles = new HashSet<>();
        for (int i = 0; i + SHINGLE_WORDS <= words.size(); i++) {
            shingles.add(hash(words.subList(i, i + SHINGLE_WORDS)));
        }
        return shingles;
    }

    /** FNV-1a over the characters: 64 bits, so that two shingles of a decade hardly ever collide. */
    private static long hash(List<String> words) {
        long hash = 0xcbf29ce484222325L;
        String text = String.join(" ", words);
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
