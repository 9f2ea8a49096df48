package dev.pawl.examples.recap;

import java.util.Comparator;
import java.util.List;

/** What passes from stage to stage. */
public final class Texts {

    /**
     * A few sentences of an address.
     *
     * @param id the year and a number within the address, as {@code 1905-017}
     * @param year when the address was given
     * @param president who gave it
     * @param text whole sentences, about a hundred words
     */
    public record Article(String id, int year, String president, String text) {}

    /**
     * Articles in the order in which they were written.
     *
     * @param list the articles
     */
    public record Articles(List<Article> list) {
        /** Keeps a copy of the list. */
        public Articles {
            list = List.copyOf(list);
        }
    }

    /**
     * An article that was dropped, since most of it was there already.
     *
     * @param id the article that was dropped
     * @param original the earlier article that it repeats
     * @param similarity the share of their shingles that both have, from 0 to 1
     */
    public record Duplicate(String id, String original, double similarity) {}

    /**
     * Articles of which none repeats another.
     *
     * @param articles those that were kept
     * @param dropped those that were not, and why
     */
    public record Distinct(Articles articles, List<Duplicate> dropped) {
        /** Keeps a copy of the list. */
        public Distinct {
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * The articles of one genre.
     *
     * @param genre which
     * @param ids the articles' ids, in the order in which they were written
     */
    public record Section(Genre genre, List<String> ids) {
        /** Keeps a copy of the list. */
        public Section {
            ids = List.copyOf(ids);
        }

        /**
         * The articles themselves.
         *
         * @param all of the decade
         * @return those of this genre, in the same order
         */
        public List<Article> in(Articles all) {
            return all.list().stream()
                    .filter(article -> ids.contains(article.id()))
                    .toList();
        }
    }

    /**
     * Every genre that has articles.
     *
     * @param list in the order of {@link Genre}
     * @param unsorted how many articles speak of no genre in particular
     */
    public record Sections(List<Section> list, int unsorted) {
        /** Keeps a copy of the list. */
        public Sections {
            list = List.copyOf(list);
        }
    }

    /**
     * The words of an article that may tell what it is about.
     *
     * @param id the article's
     * @param words in their order, repeated as often as they occur
     */
    public record Telling(String id, List<String> words) {
        /** Keeps a copy of the list. */
        public Telling {
            words = List.copyOf(words);
        }
    }

    /**
     * A genre whose articles were read.
     *
     * @param genre which
     * @param articles in the order in which they were written
     */
    public record Reading(Genre genre, List<Telling> articles) {
        /** Keeps a copy of the list. */
        public Reading {
            articles = List.copyOf(articles);
        }
    }

    /**
     * One reading for each genre that has articles.
     *
     * @param list in any order
     */
    public record Readings(List<Reading> list) {
        /** Sorts them in the order of {@link Genre}: they may come in the order in which they were made. */
        public Readings {
            list = list.stream().sorted(Comparator.comparing(Reading::genre)).toList();
        }
    }

    /**
     * What stands for a genre in the recap.
     *
     * @param genre which
     * @param of how many articles the choice was made from
     * @param terms the words that set this genre's articles apart, the strongest first
     * @param ids the chosen articles, the best first
     */
    public record Choice(Genre genre, int of, List<String> terms, List<String> ids) {
        /** Keeps copies of the lists. */
        public Choice {
            terms = List.copyOf(terms);
            ids = List.copyOf(ids);
        }
    }

    /**
     * One choice for each genre.
     *
     * @param list in the order of {@link Genre}
     */
    public record Choices(List<Choice> list) {
        /** Keeps a copy of the list. */
        public Choices {
            list = List.copyOf(list);
        }
    }

    /**
     * A sentence to quote.
     *
     * @param sentence as it stands in the article
     * @param president who said it
     * @param year when
     */
    public record Quote(String sentence, String president, int year) {}

    /**
     * A genre with the sentences that support it.
     *
     * @param choice what was chosen for the genre
     * @param quotes at least one
     */
    public record Chapter(Choice choice, List<Quote> quotes) {
        /** Keeps a copy of the list. */
        public Chapter {
            quotes = List.copyOf(quotes);
        }
    }

    /**
     * All that the recap will say.
     *
     * @param list in the order of {@link Genre}
     */
    public record Chapters(List<Chapter> list) {
        /** Keeps a copy of the list. */
        public Chapters {
            list = List.copyOf(list);
        }
    }

    /**
     * A recap, ready to read.
     *
     * @param title one line
     * @param text lines of at most 100 characters
     */
    public record Brief(String title, String text) {}

    private Texts() {}
}
