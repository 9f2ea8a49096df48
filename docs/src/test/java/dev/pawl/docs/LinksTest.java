package dev.pawl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksTest {
    @Test
    void every_relative_link_leads_somewhere() {
        List<Markdown> all = Markdown.below(Repository.ROOT);

        assertThat(all).as("Markdown files seen").hasSizeGreaterThan(15);
        assertThat(all.stream().mapToInt(document -> document.links().size()).sum())
                .as("links seen")
                .isGreaterThan(30);
        assertThat(Links.dead(all)).isEmpty();
    }

    @Test
    void a_link_to_nothing_is_found(@TempDir Path directory) throws IOException {
        // given
        Files.writeString(directory.resolve("there.md"), "# Here it is\n\nText.\n");
        Files.writeString(directory.resolve("sample.md"), """
                # Sample

                Good: [file](there.md), [heading](there.md#here-it-is), [own](#sample), [web](https://example.org/x.md).
                Not read: `[code](gone.md)`.

                ```
                [block](gone.md)
                ```

                Bad: [file](gone.md), [heading](there.md#nowhere), [absolute](/there.md).
                """);

        // when
        List<String> dead = Links.dead(Markdown.below(directory));

        // then
        assertThat(dead)
                .hasSize(3)
                .anySatisfy(link -> assertThat(link).endsWith("sample.md:10: gone.md is not there"))
                .anySatisfy(
                        link -> assertThat(link).endsWith("sample.md:10: there.md#nowhere is no heading of that file"))
                .anySatisfy(link -> assertThat(link).endsWith("sample.md:10: /there.md is not there"));
    }
}
