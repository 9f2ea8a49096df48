package dev.pawl.examples.recap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import org.junit.jupiter.api.Test;

class ArchiveTest {
    private final Archive archive = new Archive();

    @Test
    void has_two_addresses_of_each_of_23_decades() {
        assertThat(archive.decades()).hasSize(23).startsWith(1790, 1800).endsWith(2000, 2010);
        assertThat(archive.decades())
                .allSatisfy(decade -> assertThat(archive.of(decade).list())
                        .extracting(Article::year)
                        .containsOnly(decade + 5, decade + 7));
    }

    @Test
    void cuts_addresses_at_the_ends_of_sentences() {
        Articles articles = archive.of(1900);

        assertThat(articles.list()).hasSizeGreaterThan(400);
        assertThat(articles.list()).extracting(Article::id).doesNotHaveDuplicates();
        assertThat(articles.list())
                .allSatisfy(article -> assertThat(article.text()).matches("(?s)[\"'(]?[A-Z].*[.?!:][\"')]?"));
    }

    @Test
    void refuses_a_decade_that_it_has_nothing_of() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> archive.of(1770))
                .withMessage("no address of the decade 1770 is in the collection");
    }
}
