package dev.pawl.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTest {
    @TempDir
    Path directory;

    @Test
    void the_guide_shows_what_its_tests_run() {
        List<Markdown> documents = new ArrayList<>(Markdown.below(Repository.GUIDE));
        documents.add(Markdown.read(Repository.README));

        assertThat(Snippets.regions(Repository.EXAMPLES)).as("regions seen").hasSizeGreaterThan(25);
        assertThat(Snippets.differences(documents, Repository.EXAMPLES)).isEmpty();
    }

    @Test
    void a_snippet_that_is_its_region_passes() throws IOException {
        assertThat(differences("class A {", "    int x;", "}")).isEmpty();
    }

    @Test
    void a_snippet_that_differs_by_one_character_is_found() throws IOException {
        assertThat(differences("class A {", "    int y;", "}"))
                .singleElement()
                .satisfies(difference -> assertThat(difference).contains("sample.md:4: differs from region Sample.a"));
    }

    @Test
    void a_snippet_without_a_region_is_found() throws IOException {
        source("");

        assertThat(document("<!-- snippet: Sample.a -->", "```java", "int x;", "```"))
                .singleElement()
                .satisfies(difference -> assertThat(difference).contains("there is no region Sample.a"));
    }

    @Test
    void code_that_names_no_region_is_found() throws IOException {
        source("");

        assertThat(document("```java", "int x;", "```", "", "```sql", "select 1", "```", "", "```sh", "ls", "```"))
                .hasSize(2)
                .allSatisfy(difference -> assertThat(difference).contains("no test has compiled or run"));
    }

    @Test
    void a_region_that_no_document_shows_is_found() throws IOException {
        source("// tag::a[]", "int x;", "// end::a[]");

        assertThat(document("Text.")).containsExactly("region Sample.a stands in no document");
    }

    @Test
    void a_region_that_does_not_end_is_found() throws IOException {
        source("// tag::a[]", "int x;");

        assertThatThrownBy(() -> document("Text.")).hasMessageContaining("do not end: [a]");
    }

    private List<String> differences(String... code) throws IOException {
        source("package sample;", "    // tag::a[]", "    class A {", "        int x;", "    }", "    // end::a[]");
        List<String> lines = new ArrayList<>(List.of("Text.", "", "<!-- snippet: Sample.a -->", "```java"));
        lines.addAll(List.of(code));
        lines.add("```");
        return document(lines.toArray(String[]::new));
    }

    private void source(String... lines) throws IOException {
        Files.writeString(directory.resolve("Sample.java"), String.join("\n", lines));
    }

    private List<String> document(String... lines) {
        return Snippets.differences(List.of(Markdown.parse(Path.of("sample.md"), List.of(lines))), directory);
    }
}
