package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Article;
import dev.pawl.examples.recap.Texts.Articles;
import java.util.List;
import java.util.regex.Pattern;

/** Makes plain prose of what the transcripts contain. */
public final class Cleaner {
    /** Shorter articles say too little to be recapped. */
    private static final int LEAST_WORDS = 15;

    private static final Pattern STAGE_DIRECTION =
            Pattern.compile("[\\[(](?:laughter|applause|music|cheers?)[^\\])]*[\\])]\\.?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SALUTATION = Pattern.compile(
            "^(?:To the |Mr\\. |Madam |Fellow[- ]|Gentlemen|Members? of )[^.:]{0,40}(?:\\.[^.:]{0,20}){0,3}[^.:]{0,120}:\\s*");
    private static final Pattern DASHES = Pattern.compile("\\s*(?:--+|\\u2014)\\s*");
    private static final Pattern LOST_SPACE = Pattern.compile("(?<=[a-z]{2}[.;:?!,])(?=[A-Z][a-z])");
    private static final Pattern DOTS = Pattern.compile("(?:\\s*\\. ?){3,}");
    private static final Pattern SPACE = Pattern.compile("[\\s\\u00a0]+");

    /**
     * Cleans each article and drops those of which too little is left.
     *
     * @param raw as fetched
     * @return the cleaned articles, in the same order
     */
    public Articles clean(Articles raw) {
        return new Articles(raw.list().stream()
                .map(Cleaner::clean)
                .filter(article -> Words.of(article.text()).size() >= LEAST_WORDS)
                .toList());
    }

    private static Article clean(Article article) {
        return new Article(article.id(), article.year(), article.president(), clean(article.text()));
    }

    static String clean(String text) {
        String prose = SPACE.matcher(text).replaceAll(" ").strip();
        prose = STAGE_DIRECTION.matcher(prose).replaceAll(" ");
        prose = SALUTATION.matcher(prose).replaceFirst("");
        prose = DASHES.matcher(prose).replaceAll(" - ");
        prose = DOTS.matcher(prose).replaceAll(" ... ");
        prose = LOST_SPACE.matcher(prose).replaceAll(" ");
        for (List<String> pair :
                List.of(List.of(" ,", ","), List.of(" ;", ";"), List.of("( ", "("), List.of(" )", ")"))) {
            prose = prose.replace(pair.get(0), pair.get(1));
        }
        return SPACE.matcher(prose).replaceAll(" ").strip();
    }
}
