package dev.pawl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void to_run_it_and_to_test_it_takes_one_command_each() {
        Markdown readme = Markdown.read(Repository.README);

        assertThat(Commands.problems(readme, "Run it")).isEmpty();
        assertThat(Commands.problems(readme, "Test it")).isEmpty();
    }

    @Test
    void anything_but_one_command_is_found() {
        assertThat(problems("## Run it", "```sh", "one", "```")).isEmpty();
        assertThat(problems("## Run it", "```sh", "one", "two", "```")).hasSize(1);
        assertThat(problems("## Run it", "```sh", "one \\", "```")).hasSize(1);
        assertThat(problems("## Run it", "```sh", "", "```")).hasSize(1);
        assertThat(problems("## Run it", "```sh", "# one", "```")).hasSize(1);
        assertThat(problems("## Run it", "```", "one", "```")).hasSize(1);
        assertThat(problems("## Run it", "```sh", "one", "```", "", "```sh", "two", "```"))
                .hasSize(1);
        assertThat(problems("## Run it", "", "## Other", "```sh", "one", "```")).hasSize(1);
        assertThat(problems("# Run it now", "```sh", "one", "```")).hasSize(1);
    }

    private static List<String> problems(String... lines) {
        return Commands.problems(Markdown.parse(Path.of("README.md"), List.of(lines)), "Run it");
    }
}
