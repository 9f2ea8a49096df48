package dev.pawl.examples.recap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Duplicate;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final String FIRST = "The corporation has come to stay, just as the trade union has come to stay.";

    @Test
    void drops_what_repeats_an_earlier_article_nearly_word_for_word() {
        Distinct distinct = new NearDuplicates()
                .distinct(
                        articles(FIRST, "Nothing of the kind was said here at all.", FIRST.replace("just", "exactly")));

        assertThat(distinct.articles().list()).extracting(Article::id).containsExactly("0", "1");
        assertThat(distinct.dropped()).singleElement().satisfies(dropped -> {
            assertThat(dropped.id()).isEqualTo("2");
            assertThat(dropped.original()).isEqualTo("0");
            assertThat(dropped.similarity()).isBetween(NearDuplicates.THRESHOLD, 0.99);
        });
    }

    @Test
    void case_and_punctuation_make_no_difference() {
        Distinct distinct =
                new NearDuplicates().distinct(articles(FIRST, FIRST.toUpperCase(java.util.Locale.ROOT) + "!!"));

        assertThat(distinct.dropped()).containsExactly(new Duplicate("1", "0", 1.0));
    }

    @Test
    void keeps_articles_that_share_but_a_phrase() {
        Distinct distinct = new NearDuplicates()
                .distinct(articles(
                        FIRST, "The railroad has come to stay, and so have its friends in every western town."));

        assertThat(distinct.dropped()).isEmpty();
    }

    @Test
    void similarity_is_the_share_of_shingles_that_both_have() {
        // "a b c", "b c d" against "a b c", "b c e": one of three
        Distinct distinct = new NearDuplicates().distinct(articles("a b c d", "a b c e"));

        assertThat(distinct.dropped()).containsExactly(new Duplicate("1", "0", 1.0 / 3));
    }

    @Test
    void finds_what_roosevelt_said_in_1905_and_again_in_1907() {
        Distinct distinct = new NearDuplicates().distinct(new Cleaner().clean(new Archive().of(1900)));

        assertThat(distinct.dropped())
                .isNotEmpty()
                .allSatisfy(dropped -> assertThat(dropped.id() + " repeats " + dropped.original())
                        .matches("1907-\\d+ repeats 1905-\\d+"));
    }

    private static Articles articles(String... texts) {
        return new Articles(java.util.stream.IntStream.range(0, texts.length)
                .mapToObj(i -> new Article(Integer.toString(i), 1905, "Theodore Roosevelt", texts[i]))
                .toList());
    }
}
