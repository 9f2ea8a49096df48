package dev.pawl.jdbc;

import dev.pawl.JsonCodec;
import dev.pawl.internal.Checks;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.OwnThread;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.jdbc.internal.StartCheck;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.store.JsonValues;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** What {@link JdbiPawl.Settings} are, until they are opened. */
final class JdbiSettings implements JdbiPawl.Settings, Timed {
    private final Function<SchemaName, Database> source;
    private final Supplier<Handle> handles;
    private SchemaName schema = SchemaName.STANDARD;
    private JsonCodec codec = JsonCodec.none();
    private String name = thisProcess();
    private boolean notifications;
    private boolean warned = true;
    private int jsonLimit = JsonValues.STANDARD_LIMIT;
    private Optional<Supplier<Optional<Instant>>> time = Optional.empty();
    private Optional<Duration> patience = Optional.empty();

    JdbiSettings(Function<SchemaName, Database> source, Supplier<Handle> handles) {
        this.source = source;
        this.handles = handles;
    }

    @Override
    public JdbiPawl.Settings schema(String where) {
        schema = new SchemaName(where);
        return this;
    }

    @Override
    public JdbiPawl.Settings codec(JsonCodec applications) {
        codec = Objects.requireNonNull(applications, "codec");
        return this;
    }

    @Override
    public JdbiPawl.Settings name(String process) {
        name = Checks.printable("name of this process", process);
        return this;
    }

    @Override
    public JdbiPawl.Settings notifications(boolean on) {
        notifications = on;
        return this;
    }

    @Override
    public JdbiPawl.Settings jsonLimit(int bytes) {
        jsonLimit = Checks.between("limit of JSON in bytes", bytes, 1, JsonValues.HIGHEST_LIMIT);
        return this;
    }

    @Override
    public void time(Supplier<Optional<Instant>> told) {
        time = Optional.of(told);
    }

    @Override
    public void answeringWithin(Duration longest) {
        patience = Optional.of(longest);
    }

    @Override
    public void unwarned() {
        warned = false;
    }

    @Override
    public JdbiPawl open() {
        Database database = source.apply(schema);
        Database patient = patience.map(database::answeringWithin).orElse(database);
        Database timed = time.map(patient::at).orElse(patient);
        StartCheck check = new StartCheck(timed, notifications);
        boolean poolIsLarge = OwnThread.call(() -> warned ? check.run() : check.runUnwarned());
        JdbiJobStore store = poolIsLarge
                ? JdbiJobStore.keepingConnections(timed, notifications)
                : new JdbiJobStore(timed, notifications);
        return new JdbiPawl(this, timed, store, threads(schema));
    }

    Supplier<Handle> handles() {
        return handles;
    }

    JsonCodec codec() {
        return codec;
    }

    String name() {
        return name;
    }

    boolean listens() {
        return notifications;
    }

    int jsonLimit() {
        return jsonLimit;
    }

    /** As many as there is work for, which group commit bounds. */
    private static ExecutorService threads(SchemaName schema) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(
                work -> new OwnThread(work, "pawl-commit-" + schema + "-" + count.incrementAndGet()));
    }

    private static String thisProcess() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            host = "localhost";
        }
        String printable = host.replaceAll("[^\\x21-\\x7e]", "?");
        String random = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
        return printable.substring(0, Math.min(60, printable.length())) + "-"
                + ProcessHandle.current().pid() + "-" + random;
    }
}
