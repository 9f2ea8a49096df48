package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Section;
import dev.pawl.examples.recap.Texts.Sections;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sorts articles into genres by the words that they use. */
public final class Genres {
    /** Fewer words of a genre than this are chance. */
    private static final int LEAST_HITS = 3;

    /**
     * Puts each article into the genre of whose vocabulary it uses the most words.
     *
     * @param articles to be sorted
     * @return the genres that have articles
     */
    public Sections sort(Articles articles) {
        Map<Genre, List<String>> byGenre = new EnumMap<>(Genre.class);
        int unsorted = 0;
        for (Article article : articles.list()) {
            Optional<Genre> genre = genreOf(article.text());
            if (genre.isPresent()) {
                byGenre.computeIfAbsent(genre.get(), any -> new ArrayList<>()).add(article.id());
            } else {
                unsorted++;
            }
        }
        List<Section> sections = new ArrayList<>();
        byGenre.forEach((genre, ids) -> sections.add(new Section(genre, ids)));
        return new Sections(sections, unsorted);
    }

    /** The genre with the most hits, the first of those with equally many; none if no genre has enough. */
    static Optional<Genre> genreOf(String text) {
        Map<Genre, Integer> hits = new EnumMap<>(Genre.class);
        for (String word : Words.of(text)) {
            for (Genre genre : Genre.values()) {
                if (genre.knows(word)) {
                    hits.merge(genre, 1, Integer::sum);
                }
            }
        }
        Optional<Genre> best = Optional.empty();
        int most = LEAST_HITS - 1;
        for (Map.Entry<Genre, Integer> entry : hits.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                best = Optional.of(entry.getKey());
            }
        }
        return best;
    }
}
