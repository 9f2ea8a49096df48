package dev.pawl.examples.recap;

import static java.util.stream.Collectors.joining;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Brief;
import dev.pawl.examples.recap.Texts.Chapter;
import dev.pawl.examples.recap.Texts.Chapters;
import dev.pawl.examples.recap.Texts.Choice;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Quote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes the recap. */
public final class Composer {
    private static final int WIDTH = 96;
    private static final String INDENT = "    ";

    /**
     * Composes what was found into a page to read.
     *
     * @param decade its first year, as 1900
     * @param chapters what to say
     * @param distinct what it was found in
     * @return the recap; the genre with the most articles comes first
     */
    public Brief compose(int decade, Chapters chapters, Distinct distinct) {
        List<Article> articles = distinct.articles().list();
        String title = "The %ds in the words of their presidents".formatted(decade);
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.addAll(wrap(
                "From %d articles of the addresses of %s.%s"
                        .formatted(
                                articles.size(),
                                addresses(articles),
                                repeats(distinct.dropped().size())),
                ""));
        chapters.list().stream()
                .filter(chapter -> !chapter.quotes().isEmpty())
                .sorted(Comparator.comparingInt(chapter -> -chapter.choice().of()))
                .forEach(chapter -> lines.addAll(lines(chapter)));
        return new Brief(title, String.join("\n", lines) + "\n");
    }

    private static List<String> lines(Chapter chapter) {
        Choice choice = chapter.choice();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(wrap(
                "%s (%s): %s"
                        .formatted(
                                choice.genre().title(),
                                choice.of() == 1 ? "1 article" : choice.of() + " articles",
                                String.join(", ", choice.terms())),
                ""));
        for (Quote quote : chapter.quotes()) {
            lines.addAll(wrap(
                    "\"%s\" (%s, %d)".formatted(quote.sentence().replace('"', '\''), quote.president(), quote.year()),
                    INDENT));
        }
        return lines;
    }

    private static String addresses(List<Article> articles) {
        return articles.stream()
                .map(article -> article.year() + " (" + article.president() + ")")
                .distinct()
                .collect(joining(" and "));
    }

    private static String repeats(int dropped) {
        return switch (dropped) {
            case 0 -> "";
            case 1 -> " One more repeated an earlier one nearly word for word.";
            default -> " " + dropped + " more repeated earlier ones nearly word for word.";
        };
    }

    /** Lines of at most {@link #WIDTH} characters and the indent. */
    static List<String> wrap(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(indent + line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(indent + line);
        return lines;
    }
}
