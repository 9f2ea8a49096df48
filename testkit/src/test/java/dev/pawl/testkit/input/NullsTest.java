package dev.pawl.testkit.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.embed.Pawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Leases;
import dev.pawl.scan.Scans;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.testkit.InMemoryTransaction;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Null for each parameter of the public API in turn, all others being fine: refused, by an exception whose message says what is
 * missing. The API is what an application calls; of what implementers make, it is the values, which refuse nonsense at birth.
 */
class NullsTest {
    private static final Set<String> API = Set.of(
            "dev.pawl",
            "dev.pawl.lease",
            "dev.pawl.job",
            "dev.pawl.scan",
            "dev.pawl.audit",
            "dev.pawl.view",
            "dev.pawl.worker",
            "dev.pawl.embed",
            "dev.pawl.store");

    /** Public for other packages of Pawl's own. */
    private static final Set<String> NOT_FOR_APPLICATIONS = Set.of(
            "HandlerRegistry",
            "WorkerContext",
            "Wakeups",
            "Lifecycle",
            "Answer",
            "Commits",
            "LeasedScan",
            "Backfill",
            "StoredAuditor",
            "Housekeeping",
            "Started");

    private static Desk desk;
    private static InMemoryTransaction transaction;
    private static Samples samples;
    private static Map<Class<?>, Object> instances;

    @BeforeAll
    static void open() {
        desk = Desk.over(Over.IN_MEMORY);
        transaction = ((dev.pawl.testkit.InMemoryPawl) desk.any().pawl()).begin();
        samples = new Samples(desk.held());
        instances = Map.ofEntries(
                Map.entry(Jobs.class, desk.jobs()),
                Map.entry(Pawl.class, desk.any().pawl()),
                Map.entry(ClaimedJob.class, desk.held()),
                Map.entry(Attempt.class, desk.held()),
                Map.entry(JobTransaction.class, transaction.jobs()),
                Map.entry(NewJob.class, Desk.job()),
                Map.entry(Pipeline.class, Desk.RECAP),
                Map.entry(Pipeline.Builder.class, Pipeline.named("p", Json.class)),
                Map.entry(RetryPolicy.class, RetryPolicy.standard()),
                Map.entry(Handlers.class, Handlers.of(Desk.RECAP).on(Desk.FETCH, job -> Outcome.done(Json.NULL))),
                Map.entry(Leases.class, desk.any().pawl().leases()),
                Map.entry(HeldLease.class, heldLease()),
                Map.entry(Auditor.class, desk.any().pawl().auditor()),
                Map.entry(AuditLimits.class, AuditLimits.STANDARD),
                Map.entry(Scans.class, desk.any().pawl().scans()),
                Map.entry(Worker.Builder.class, desk.any().pawl().worker("q")));
    }

    private static HeldLease heldLease() {
        return desk.any()
                .pawl()
                .leases()
                .acquire("nulls", Duration.ofMinutes(1))
                .orElseThrow();
    }

    @AfterAll
    static void close() {
        transaction.close();
        desk.close();
    }

    @Test
    void null_is_refused_for_every_parameter_with_what_is_missing() throws Exception {
        List<String> tried = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (Class<?> type : publicTypes()) {
            for (Executable door : doorsOf(type)) {
                for (int i = 0; i < door.getParameterCount(); i++) {
                    if (mustNotBeNull(door, i)) {
                        String what = type.getSimpleName() + "." + door.getName() + " without "
                                + door.getParameters()[i].getName();
                        tried.add(what);
                        String answer = answer(type, door, i);
                        if (!answer.isEmpty()) {
                            bad.add(what + ": " + answer);
                        }
                    }
                }
            }
        }

        assertThat(bad).isEmpty();
        assertThat(tried).hasSizeGreaterThan(180).contains("Jobs.enqueue without job", "Stage.named without name");
    }

    /** Empty if the call was refused as it should be. */
    private static String answer(Class<?> type, Executable door, int missing) throws ReflectiveOperationException {
        @Nullable Object[] arguments = new Object[door.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == missing ? null : samples.of(door.getParameterTypes()[i]);
        }
        try {
            if (door instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) door).invoke(instances.get(type), arguments);
            }
            return "taken";
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            boolean refused = cause instanceof NullPointerException || cause instanceof IllegalArgumentException;
            String message = String.valueOf(cause.getMessage());
            boolean byAccident = message.equals("null") || message.startsWith("Cannot ");
            return refused && !byAccident ? "" : cause.toString();
        }
    }

    private static boolean mustNotBeNull(Executable door, int parameter) {
        return !door.getParameterTypes()[parameter].isPrimitive()
                && !door.getAnnotatedParameterTypes()[parameter].isAnnotationPresent(Nullable.class);
    }

    /** Constructors, static methods, and methods of what there is an instance of. */
    private static List<Executable> doorsOf(Class<?> type) {
        boolean values = type.getPackageName().equals("dev.pawl.store");
        List<Executable> doors = new ArrayList<>();
        if (!values || type.isRecord()) {
            doors.addAll(List.of(type.getConstructors()));
        }
        if (!values) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                    .filter(method -> Modifier.isStatic(method.getModifiers()) || instances.containsKey(type))
                    .filter(method -> !method.getName().equals("equals"))
                    .forEach(doors::add);
        }
        return doors;
    }

    /** Of core's classes, or of its jar, as the build has it. */
    private static List<Class<?>> publicTypes() throws IOException, URISyntaxException, ClassNotFoundException {
        Path core = Path.of(
                Json.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(core)) {
            return publicTypes(core);
        }
        try (FileSystem jar = FileSystems.newFileSystem(core)) {
            return publicTypes(jar.getPath("/"));
        }
    }

    private static List<Class<?>> publicTypes(Path classes) throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.sorted().toList()) {
                String name = classes.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".");
                if (name.endsWith(".class") && API.contains(packageOf(name))) {
                    Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
                    if (isForApplications(type)) {
                        types.add(type);
                    }
                }
            }
        }
        return types;
    }

    private static String packageOf(String classFile) {
        String name = classFile.substring(0, classFile.length() - ".class".length());
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
    }

    /** An exception in the making must not give way to another, so those may be told anything. */
    private static boolean isForApplications(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
            if (!Modifier.isPublic(outer.getModifiers()) || NOT_FOR_APPLICATIONS.contains(outer.getSimpleName())) {
                return false;
            }
        }
        return !Throwable.class.isAssignableFrom(type) && !type.isEnum();
    }
}
