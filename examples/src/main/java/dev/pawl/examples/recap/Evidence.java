package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Chapter;
import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Quote;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds, in the chosen articles, the sentences that say most of what the genre was about. */
public final class Evidence {
    private static final int LEAST_WORDS = 8;
    private static final int MOST_WORDS = 45;

    /**
     * One genre's evidence. The genres are independent of each other, so that the work can stop between two of them and
     * go on there.
     *
     * @param choice the genre's terms and chosen articles
     * @param articles where the chosen ones are found
     * @return the choice with one sentence of each of its articles
     */
    public Chapter support(Choice choice, Articles articles) {
        List<Quote> quotes = choice.ids().stream()
                .flatMap(id ->
                        articles.list().stream().filter(article -> article.id().equals(id)))
                .flatMap(article -> quote(article, choice).stream())
                .toList();
        return new Chapter(choice, quotes);
    }

    /** The best sentence that is neither a fragment nor endless; if all are, there is nothing to quote. */
    private static Optional<Quote> quote(Article article, Choice choice) {
        return Words.sentences(article.text()).stream()
                .filter(Evidence::canBeQuoted)
                .max(Comparator.comparingDouble(sentence -> strength(sentence, choice)))
                .map(sentence -> new Quote(sentence, article.president(), article.year()));
    }

    private static boolean canBeQuoted(String sentence) {
        int words = Words.of(sentence).size();
        return words >= LEAST_WORDS && words <= MOST_WORDS;
    }

    /** How many of the terms it has, the first ones counting most, and how much else of the genre, for its length. */
    private static double strength(String sentence, Choice choice) {
        List<String> words = Words.telling(sentence);
        double strength = 0;
        for (int i = 0; i < choice.terms().size(); i++) {
            if (words.contains(choice.terms().get(i))) {
                strength += choice.terms().size() - i;
            }
        }
        long ofGenre = words.stream().filter(choice.genre()::knows).count();
        return (strength + ofGenre) / Math.sqrt(words.size() + 1.0);
    }
}
