package dev.pawl.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test class whose constructor, set-up methods and tests may take
 *
 * <ul>
 *   <li>an {@link InMemoryPawl}: no database, no thread; a new one for each test,
 *   <li>a {@code dev.pawl.jdbc.JdbiPawl}, on PostgreSQL: a database for the class, emptied of jobs before each test that
 *       takes one,
 *   <li>a {@code javax.sql.DataSource}: that database, for the application's own tables,
 *   <li>a {@link PostgresProxy} before that database's server, for the test. A JdbiPawl connects through it if the same method
 *       takes a PostgresProxy, too; the DataSource never does,
 *   <li>a {@link TestTime}: the time of both. A JdbiPawl lives by the database's clock unless the same method takes a
 *       TestTime, too.
 * </ul>
 *
 * <p>Whoever takes none of JdbiPawl, DataSource and PostgresProxy needs no database on the class path. Where the PostgreSQL comes from is
 * told at {@link TestPostgres}. Test classes may run at the same time; the tests of one class run in turn.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PawlExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
public @interface PawlTest {
    /**
     * Where this class's PostgreSQL comes from.
     *
     * @return as the environment and the system properties say, unless told otherwise
     */
    TestPostgres.Source postgres() default TestPostgres.Source.STANDARD;
}
