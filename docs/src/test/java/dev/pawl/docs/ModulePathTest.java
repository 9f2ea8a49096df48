package dev.pawl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.embed.Pawl;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import io.leangen.geantyref.TypeToken;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.SessionHandler;
import org.eclipse.jetty.util.Callback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.slf4j.Logger;

/** Compiles and runs an application that is a module, with Pawl's modules as modules and nothing on the class path. */
class ModulePathTest {
    private static final Path SOURCES = Repository.ROOT.resolve("docs/src/test/modulepath");

    /** One class of each artefact that such an application has at run time. */
    private static final List<Class<?>> ARTEFACTS = List.of(
            Pawl.class,
            JdbiPawl.class,
            JacksonCodec.class,
            Dashboard.class,
            HttpServlet.class,
            ServletContextHandler.class,
            SessionHandler.class,
            SecurityHandler.class,
            Server.class,
            HttpField.class,
            EndPoint.class,
            Callback.class,
            Jdbi.class,
            SqlObjectPlugin.class,
            TypeToken.class,
            Driver.class,
            Logger.class,
            NullMarked.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            Jdk8Module.class,
            JavaTimeModule.class,
            ParameterNamesModule.class);

    @TempDir
    private Path classes;

    @Test
    void an_application_that_is_a_module_runs_jobs() throws Exception {
        // given
        assertThat(compile(sources())).isEmpty();

        // when
        List<String> printed;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            printed = run(postgres.getJdbcUrl("postgres", "postgres"));
        }

        // then
        assertThat(printed)
                .contains(
                        "status COMPLETED",
                        "shipped 2",
                        "packed Packed[boxes=[a, b], on=2026-02-16]",
                        "failures []",
                        "module dev.pawl.jdbc",
                        "module dev.pawl.core",
                        "module dev.pawl.jackson",
                        "module dev.pawl.dashboard",
                        "dashboard  200",
                        "dashboard script/app.js 200",
                        "dashboard lib/preact-10.27.2/preact.min.js 200",
                        "dashboard v1/jobs/order-1 200",
                        "exit 0")
                .doesNotContain("module null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.pawl.internal.Checks", "dev.pawl.jdbc.internal.JdbiJobStore"})
    void what_is_not_exported_is_not_to_be_had(String hidden) throws Exception {
        // given
        Path intruder = Files.createDirectories(classes.resolve("src/com/example/orders"))
                .resolve("Intruder.java");
        Files.writeString(intruder, "package com.example.orders; interface Intruder { " + hidden + " hidden(); }");

        // when
        List<Path> files = new ArrayList<>(sources());
        files.add(intruder);

        // then
        assertThat(compile(files)).contains("Intruder.java").contains("com.example.orders");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** What the compiler says of all but what it finds in the jars of pgjdbc and Jdbi. */
    private String compile(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "--release",
                    "17",
                    "-Xlint:all,-requires-automatic,-classfile",
                    "-Werror",
                    "--module-path",
                    modulePath(),
                    "-d",
                    classes.toString());
            boolean good = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(good).as(said.toString()).isEqualTo(said.toString().isEmpty());
        }
        return said.toString();
    }

    private List<String> run(String jdbcUrl) throws IOException, InterruptedException {
        Path output = classes.resolve("output.txt");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        modulePath() + File.pathSeparator + classes,
                        "--module",
                        "com.example.orders/com.example.orders.Orders",
                        jdbcUrl)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!java.waitFor(100, TimeUnit.SECONDS)) {
            java.destroyForcibly();
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(output));
        lines.add("exit " + java.waitFor());
        return lines;
    }

    private static String modulePath() {
        return ARTEFACTS.stream().map(ModulePathTest::artefact).collect(Collectors.joining(File.pathSeparator));
    }

    private static String artefact(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
