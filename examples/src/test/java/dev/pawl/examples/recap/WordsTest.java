package dev.pawl.examples.recap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void a_sentence_ends_at_a_stop_that_a_capital_follows() {
        assertThat(Words.sentences("We met. Did they? \"They did.\" It cost $4.50 in all. end"))
                .containsExactly("We met.", "Did they?", "\"They did.\"", "It cost $4.50 in all. end");
    }

    @Test
    void no_sentence_ends_at_an_abbreviation_or_an_initial() {
        assertThat(Words.sentences("Mr. Speaker thanked Gen. William T. Sherman. The U.S. Senate rose."))
                .containsExactly("Mr. Speaker thanked Gen. William T. Sherman.", "The U.S. Senate rose.");
    }

    @Test
    void a_telling_word_is_neither_common_nor_a_number() {
        assertThat(Words.telling("The nation's 45 railroads shall not be the masters of our people."))
                .containsExactly("nation", "railroads", "masters", "people");
    }
}
