package dev.pawl.examples.recap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanerTest {
    @Test
    void drops_stage_directions_salutations_and_stray_space() {
        assertThat(Cleaner.clean("Mr. Speaker, Members of Congress: My last,-maybe [laughter]  but   good -- for all."))
                .isEqualTo("My last,-maybe but good - for all.");
        assertThat(Cleaner.clean("Fellow-Citizens of the Senate and House of Representatives: I am content."))
                .isEqualTo("I am content.");
    }

    @Test
    void keeps_a_colon_that_ends_no_salutation() {
        assertThat(Cleaner.clean("There are two roads: one leads down."))
                .isEqualTo("There are two roads: one leads down.");
    }

    @Test
    void gives_back_the_space_that_two_sentences_lost() {
        assertThat(Cleaner.clean("a giant is reborn.In the west")).isEqualTo("a giant is reborn. In the west");
    }

    @Test
    void drops_an_article_that_says_too_little() {
        Article greeting = new Article("1977-001", 1977, "Gerald R. Ford", "Good night. God bless you.");
        Article speech = new Article("1977-002", 1977, "Gerald R. Ford", "word ".repeat(30));

        Articles cleaned = new Cleaner().clean(new Articles(List.of(greeting, speech)));

        assertThat(cleaned.list()).extracting(Article::id).containsExactly("1977-002");
    }
}
