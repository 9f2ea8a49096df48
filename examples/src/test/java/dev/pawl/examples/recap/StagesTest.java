package dev.pawl.examples.recap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Brief;
import dev.pawl.examples.recap.Texts.Chapter;
import dev.pawl.examples.recap.Texts.Chapters;
import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Quote;
import dev.pawl.examples.recap.Texts.Reading;
import dev.pawl.examples.recap.Texts.Readings;
import dev.pawl.examples.recap.Texts.Section;
import dev.pawl.examples.recap.Texts.Sections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Genre, selection, evidence and composition, on a handful of sentences and on a whole decade. */
class StagesTest {
    private static final Article BANKS =
            article("banks", "The banks raised the interest on silver. Money and credit went where the market went.");
    private static final Article SILVER =
            article("silver", "Silver is money; the banks know it, the treasury knows it, and the revenue shows it.");
    private static final Article FLEET =
            article("fleet", "The fleet and the army kept the peace, and no soldier was lost to the enemy in battle.");
    private static final Article WEATHER = article("weather", "It rained on most days, and nobody complained of it.");
    private static final Articles ALL = new Articles(List.of(BANKS, FLEET, SILVER, WEATHER));

    @Test
    void an_article_goes_to_the_genre_whose_words_it_uses_most() {
        Sections sections = new Genres().sort(ALL);

        assertThat(sections.list())
                .containsExactly(
                        new Section(Genre.ECONOMY, List.of("banks", "silver")),
                        new Section(Genre.WAR_AND_PEACE, List.of("fleet")));
        assertThat(sections.unsorted()).isEqualTo(1);
    }

    @Test
    void the_terms_of_a_genre_are_the_words_that_set_it_apart() {
        Choice economy = choices().get(0);

        assertThat(economy.of()).isEqualTo(2);
        assertThat(economy.terms()).contains("credit", "revenue").doesNotContain("the", "fleet");
        assertThat(economy.ids()).containsExactlyInAnyOrder("banks", "silver");
    }

    @Test
    void the_evidence_is_the_sentence_with_the_strongest_terms() {
        Choice choice = new Choice(Genre.ECONOMY, 2, List.of("silver", "interest"), List.of("banks"));
        Articles articles = new Articles(List.of(article(
                "banks",
                "Short silver. The banks were many and they were open on all days of the week."
                        + " The interest on silver was raised by the banks in the west.")));

        Chapter chapter = new Evidence().support(choice, articles);

        assertThat(chapter.quotes())
                .containsExactly(
                        new Quote("The interest on silver was raised by the banks in the west.", "Polk", 1845));
    }

    @Test
    void a_recap_names_its_sources_and_begins_with_the_largest_genre() {
        Quote quote = new Quote("\"Gold\" is said to be money too.", "James Polk", 1845);
        Chapter small = new Chapter(new Choice(Genre.ECONOMY, 1, List.of("gold"), List.of("a")), List.of(quote));
        Chapter large = new Chapter(new Choice(Genre.SOCIETY, 9, List.of("school"), List.of("b")), List.of(quote));
        Chapter mute = new Chapter(new Choice(Genre.LAW, 5, List.of("law"), List.of("c")), List.of());

        Brief brief = new Composer()
                .compose(
                        1840,
                        new Chapters(List.of(small, large, mute)),
                        new Distinct(new Articles(List.of(BANKS)), List.of()));

        assertThat(brief.text()).isEqualTo("""
                The 1840s in the words of their presidents
                From 1 articles of the addresses of 1845 (Polk).

                Society (9 articles): school
                    "'Gold' is said to be money too." (James Polk, 1845)

                Economy (1 article): gold
                    "'Gold' is said to be money too." (James Polk, 1845)
                """);
    }

    @Test
    void every_decade_makes_a_recap_that_fits_a_page_and_is_the_same_each_time() {
        Editor editor = new Editor();
        assertThat(editor.recap(1900)).isEqualTo(editor.recap(1900));
        for (int decade : new Archive().decades()) {
            Brief recap = editor.recap(decade);

            assertThat(recap.text().lines().toList())
                    .as("the %ds", decade)
                    .hasSizeBetween(15, 60)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        }
    }

    private static List<Choice> choices() {
        List<Reading> readings = new Genres()
                .sort(ALL).list().stream()
                        .map(section -> new Reader().read(section.genre(), section.in(ALL)))
                        .toList();
        return new Selection().choose(new Readings(readings)).list();
    }

    private static Article article(String id, String text) {
        return new Article(id, 1845, "Polk", text);
    }
}
