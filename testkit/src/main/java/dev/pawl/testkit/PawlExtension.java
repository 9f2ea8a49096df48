package dev.pawl.testkit;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests what they take: the work behind {@link PawlTest}, which is what tests should name. */
public final class PawlExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PawlExtension.class);
    /** By name, since the libraries behind these are optional. */
    private static final String JDBI_PAWL = "dev.pawl.jdbc.JdbiPawl";

    private static final String DATA_SOURCE = "javax.sql.DataSource";
    private static final Set<String> GIVEN = Set.of(
            InMemoryPawl.class.getName(),
            TestTime.class.getName(),
            PostgresProxy.class.getName(),
            JDBI_PAWL,
            DATA_SOURCE);

    /** For JUnit. */
    public PawlExtension() {}

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.contains(parameter.getParameter().getType().getName());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String type = parameter.getParameter().getType().getName();
        if (type.equals(DATA_SOURCE)) {
            return database(context).dataSource();
        }
        if (type.equals(JDBI_PAWL)) {
            return jdbiPawl(parameter, context);
        }
        if (type.equals(PostgresProxy.class.getName())) {
            return proxy(context);
        }
        return type.equals(TestTime.class.getName()) ? time(context) : inMemoryPawl(context);
    }

    private static ManualTime time(ExtensionContext test) {
        return get(test, ManualTime.class, ManualTime::new);
    }

    private static InMemoryPawl inMemoryPawl(ExtensionContext test) {
        return get(
                test, InMemoryPawl.class, () -> InMemoryPawl.over(new InMemoryJobStore(time(test)), Codecs.standard()));
    }

    private static Object jdbiPawl(ParameterContext parameter, ExtensionContext test) {
        TestDatabase database = database(test);
        DataSource source = takes(parameter, PostgresProxy.class) ? throughProxy(test) : database.dataSource();
        return get(test, AutoCloseable.class, () -> {
            database.clear();
            return takes(parameter, TestTime.class) ? JdbiPawls.open(source, time(test)) : JdbiPawls.open(source);
        });
    }

    /** Whether the same method takes one of these, too. */
    private static boolean takes(ParameterContext parameter, Class<?> type) {
        return Arrays.asList(parameter.getDeclaringExecutable().getParameterTypes())
                .contains(type);
    }

    private static PostgresProxy proxy(ExtensionContext test) {
        return get(test, PostgresProxy.class, () -> PostgresProxy.to(database(test)));
    }

    private static DataSource throughProxy(ExtensionContext test) {
        return get(test, DataSource.class, () -> database(test).dataSource(proxy(test)));
    }

    private static TestDatabase database(ExtensionContext test) {
        ExtensionContext ofClass = outermostClass(test);
        return get(
                ofClass,
                TestDatabase.class,
                () -> TestPostgres.shared(source(ofClass)).database());
    }

    private static TestPostgres.Source source(ExtensionContext ofClass) {
        PawlTest annotation = ofClass.getRequiredTestClass().getAnnotation(PawlTest.class);
        return annotation == null ? TestPostgres.Source.STANDARD : annotation.postgres();
    }

    /** Nested classes share their outermost one's database. */
    private static ExtensionContext outermostClass(ExtensionContext test) {
        ExtensionContext here = test;
        while (here.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
            here = here.getParent().orElseThrow();
        }
        return here;
    }

    /** What is made is kept by the context that it was made for, and closed with it. */
    private static <T> T get(ExtensionContext context, Class<T> type, Supplier<T> make) {
        Store store = context.getStore(NAMESPACE);
        return store.getOrComputeIfAbsent(type, key -> make.get(), type);
    }
}
