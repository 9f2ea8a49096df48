package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Reading;
import dev.pawl.examples.recap.Texts.Telling;
import java.util.List;

/** Reads the articles of one genre, and knows nothing of the others. */
public final class Reader {

    /**
     * Takes down the words that may tell what the articles are about.
     *
     * @param genre which
     * @param articles of this genre
     * @return a reading with all of them
     */
    public Reading read(Genre genre, List<Article> articles) {
        return new Reading(
                genre,
                articles.stream()
                        .map(article -> new Telling(article.id(), Words.telling(article.text())))
                        .toList());
    }
}
