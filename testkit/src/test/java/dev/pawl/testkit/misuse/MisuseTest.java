package dev.pawl.testkit.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mistakes that the compiler refuses, and for each its corrected twin, which it accepts: so this test can fail. */
class MisuseTest {
    private static final String BEFORE = """
            package com.example.recap;
            import static com.example.recap.Recap.*;
            import static dev.pawl.job.Outcome.done;
            import dev.pawl.jdbc.*;
            import dev.pawl.job.*;
            import dev.pawl.lease.*;
            import dev.pawl.worker.*;
            import com.example.recap.Recap.*;
            import java.time.*;
            import java.util.*;
            class M {
            """;

    @TempDir
    private Path classes;

    @ParameterizedTest
    @EnumSource
    void the_compiler_refuses_it(Misuse misuse) throws IOException {
        List<Diagnostic<? extends JavaFileObject>> errors = compile(misuse.wrong());

        assertThat(errors).as("errors in: %s", misuse.wrong()).hasSize(1);
        assertThat(errors.get(0).getCode()).startsWith(misuse.code());
        assertThat(errors.get(0).getMessage(Locale.ENGLISH)).contains(misuse.words());
    }

    @ParameterizedTest
    @EnumSource
    void the_compiler_accepts_its_twin(Misuse misuse) throws IOException {
        assertThat(compile(misuse.right())).as("errors in: %s", misuse.right()).isEmpty();
    }

    @Test
    void none_is_missing() {
        assertThat(Misuse.values()).hasSize(14);
    }

    private List<Diagnostic<? extends JavaFileObject>> compile(String body) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ENGLISH, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            List<String> options = List.of("--release", "17", "-proc:none", "-classpath", classPath());
            compiler.getTask(
                            new StringWriter(),
                            files,
                            found,
                            options,
                            null,
                            List.of(new Snippet(BEFORE + body + "\n}")))
                    .call();
        }
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .toList();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static final class Snippet extends SimpleJavaFileObject {
        private final String source;

        Snippet(String source) {
            super(URI.create("string:///com/example/recap/M.java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
