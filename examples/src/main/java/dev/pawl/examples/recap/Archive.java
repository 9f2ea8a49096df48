package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The collection: the addresses on the class path, cut into articles.
 *
 * <p>{@code addresses/SOURCE.md} says where they come from and under which licence.
 */
public final class Archive {
    /** An article ends with the sentence that brings it to this many words. */
    private static final int WORDS_PER_ARTICLE = 100;

    private record Address(int year, String president, String file) {}

    private final List<Address> addresses =
            read("index.tsv").lines().map(Archive::address).toList();

    /**
     * The decades of which there is something, in order.
     *
     * @return their first years, as 1790
     */
    public List<Integer> decades() {
        return addresses.stream()
                .map(address -> address.year() / 10 * 10)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Everything that was said in a decade.
     *
     * @param decade its first year, as 1900
     * @return the articles of its addresses, the earlier address first
     * @throws IllegalArgumentException if there is no address of this decade
     */
    public Articles of(int decade) {
        List<Article> articles = new ArrayList<>();
        for (Address address : addresses) {
            if (address.year() / 10 * 10 == decade) {
                articles.addAll(articles(address, read(address.file())));
            }
        }
        if (articles.isEmpty()) {
            throw new IllegalArgumentException("no address of the decade " + decade + " is in the collection");
        }
        return new Articles(articles);
    }

    private static List<Article> articles(Address address, String text) {
        List<Article> articles = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int words = 0;
        for (String sentence : Words.sentences(text)) {
            current.append(current.isEmpty() ? "" : " ").append(sentence);
            words += sentence.split("\\s+", -1).length;
            if (words >= WORDS_PER_ARTICLE) {
                articles.add(article(address, articles.size() + 1, current));
                current.setLength(0);
                words = 0;
            }
        }
        if (!current.isEmpty()) {
            articles.add(article(address, articles.size() + 1, current));
        }
        return articles;
    }

    private static Article article(Address address, int number, StringBuilder text) {
        String id = "%d-%03d".formatted(address.year(), number);
        return new Article(id, address.year(), address.president(), text.toString());
    }

    private static Address address(String line) {
        String[] columns = line.split("\t", -1);
        return new Address(Integer.parseInt(columns[0]), columns[1], columns[2]);
    }

    private static String read(String file) {
        String name = "/dev/pawl/examples/addresses/" + file;
        try (InputStream in = Archive.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
