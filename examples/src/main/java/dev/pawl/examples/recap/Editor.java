package dev.pawl.examples.recap;

import dev.pawl.examples.recap.Texts.Articles;
import dev.pawl.examples.recap.Texts.Brief;
import dev.pawl.examples.recap.Texts.Chapter;
import dev.pawl.examples.recap.Texts.Distinct;
import dev.pawl.examples.recap.Texts.Reading;
import dev.pawl.examples.recap.Texts.Readings;
import dev.pawl.examples.recap.Texts.Sections;
import java.util.List;

/** All stages one after the other, in one thread and in memory: what a recap has to be, however it was made. */
public final class Editor {
    private final Archive archive = new Archive();

    /**
     * Makes a recap.
     *
     * @param decade its first year, as 1900
     * @return the recap
     * @throws IllegalArgumentException if there is no address of this decade
     */
    public Brief recap(int decade) {
        Distinct distinct = new NearDuplicates().distinct(new Cleaner().clean(archive.of(decade)));
        Articles articles = distinct.articles();
        Sections sections = new Genres().sort(articles);
        List<Reading> readings = sections.list().stream()
                .map(section -> new Reader().read(section.genre(), section.in(articles)))
                .toList();
        List<Chapter> chapters = new Selection()
                .choose(new Readings(readings)).list().stream()
                        .map(choice -> new Evidence().support(choice, articles))
                        .toList();
        return new Composer().compose(decade, new Texts.Chapters(chapters), distinct);
    }
}
