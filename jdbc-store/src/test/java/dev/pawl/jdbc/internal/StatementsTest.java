package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.internal.Database.InSchema;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every statement is one that the migrated database understands. */
class StatementsTest {
    private static final List<Class<?>> ALL = List.of(
            AuditSql.class,
            ClaimSql.class,
            DecideSql.class,
            EnqueueSql.class,
            FamilySql.class,
            HotSql.class,
            Poison.PoisonSql.class,
            QueueSql.class,
            ReadSql.class,
            RepairSql.class,
            TokenCheck.TokenSql.class);

    private static Postgres.Fixture fixture;

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @TestFactory
    Stream<DynamicTest> prepares() {
        return ALL.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .map(method -> DynamicTest.dynamicTest(
                        method.getDeclaringClass().getSimpleName() + "." + method.getName(),
                        () -> prepare(sql(method), method.getParameterCount() > 0)));
    }

    /** Others make their statements when they are called, and have tests of their own. */
    private static boolean isAnInterface(String file) {
        try {
            return Class.forName("dev.pawl.jdbc.internal." + file.replace(".class", ""))
                    .isInterface();
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }

    @Test
    void none_is_missing_here() throws IOException {
        Path classes = Path.of("target/classes/dev/pawl/jdbc/internal");
        try (Stream<Path> files = Files.list(classes)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Sql.class"))
                            .filter(StatementsTest::isAnInterface))
                    .containsExactlyInAnyOrderElementsOf(ALL.stream()
                            .map(type -> type.getName()
                                            .substring(type.getPackageName().length() + 1) + ".class")
                            .toList());
        }
    }

    private static String sql(Method method) {
        SqlQuery query = method.getAnnotation(SqlQuery.class);
        return query != null
                ? query.value()
                : method.getAnnotation(SqlUpdate.class).value();
    }

    private static void prepare(String template, boolean parameters) throws SQLException {
        String sql = InSchema.render(template, new SchemaName(fixture.schema())).replaceAll("(?<!:):[a-zA-Z]+", "?");
        assertThat(sql).doesNotContain("<schema>", "<now>", "<state>", "::");
        try (Connection connection = fixture.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            assertThat(statement.getParameterMetaData().getParameterCount() > 0).isEqualTo(parameters);
        }
    }
}
