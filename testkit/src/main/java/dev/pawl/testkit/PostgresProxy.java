package dev.pawl.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A bad network, as a test wants it: a TCP proxy before a PostgreSQL, which passes everything on until it is told to be slow,
 * to cut connections, now or at a chosen statement or commit, to turn new ones away, or to let bytes vanish.
 *
 * <pre>{@code
 * try (PostgresProxy network = PostgresProxy.to(database);
 *         JdbiPawl pawl = JdbiPawl.on(database.dataSource(network))) {
 *     network.cutAfterCommit();
 *     …
 * }
 * }</pre>
 *
 * <p>It reads the messages of PostgreSQL's protocol, and so knows which statement a connection runs, also one that was
 * prepared long before, and what the server answered. A <i>commit</i> is a {@code COMMIT} or {@code END} that is sent; a
 * statement in auto-commit mode is none (see {@link #cutAfter}). Pawl's own transactions all have one, also those that only read.
 *
 * <p>Each cut that is asked for happens once, to the first connection that comes to it; two calls are for two. Encryption is
 * refused, since it could not be read: connect with {@code sslmode=disable}, or {@code prefer}. It listens on the loopback
 * address only. Safe for use by many threads.
 */
public final class PostgresProxy implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final String ANY = "";

    private final ServerSocket door;
    private final InetSocketAddress server;
    private final ExecutorService threads;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<AutoCloseable> pools = new CopyOnWriteArrayList<>();
    private final Cuts cuts = new Cuts();
    private final Delays delays = new Delays();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Newcomers newcomers = Newcomers.SERVED;

    /** What becomes of new connections. */
    private enum Newcomers {
        SERVED,
        TURNED_AWAY,
        UNHEARD
    }

    private PostgresProxy(InetSocketAddress server) {
        this.server = server;
        try {
            this.door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException("no port for a proxy to " + server, failure);
        }
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "postgres-proxy-" + door.getLocalPort());
            thread.setDaemon(true);
            return thread;
        });
        threads.execute(this::accept);
    }

    /**
     * Before the server of a test's database; {@link TestDatabase#dataSource(PostgresProxy)} connects through it.
     *
     * @param database whose server
     * @return one that passes everything on, to be closed
     */
    public static PostgresProxy to(TestDatabase database) {
        return new PostgresProxy(database.server());
    }

    /**
     * Before any server. It need not be up yet; while it is down, new connections are turned away.
     *
     * @param host its name or address
     * @param port its port
     * @return one that passes everything on, to be closed
     */
    public static PostgresProxy to(String host, int port) {
        return new PostgresProxy(InetSocketAddress.createUnresolved(Objects.requireNonNull(host, "host"), port));
    }

    /**
     * Where clients connect to.
     *
     * @return this machine's loopback address
     */
    public String host() {
        return door.getInetAddress().getHostAddress();
    }

    /**
     * Where clients connect to.
     *
     * @return a port that was free
     */
    public int port() {
        return door.getLocalPort();
    }

    /**
     * From now on, everything takes longer, in each direction.
     *
     * @param eachWay by how much; zero: no longer
     */
    public void delay(Duration eachWay) {
        delay(eachWay, eachWay);
    }

    /**
     * From now on, everything takes longer.
     *
     * @param toServer by how much, from client to server; zero: no longer
     * @param toClient by how much, from server to client; zero: no longer
     */
    public void delay(Duration toServer, Duration toClient) {
        delays.set(toServer, toClient);
    }

    /** Cuts every connection, now: both ends see it reset. New ones are served. */
    public void cut() {
        connections.forEach(ProxiedConnection::cut);
    }

    /**
     * Cuts the connection of the next such statement, before the server hears of it.
     *
     * @param sql a part of the statement's text, as the client sends it
     */
    public void cutBefore(String sql) {
        cuts.add(Cuts.Point.BEFORE_STATEMENT, sql);
    }

    /** Cuts the connection of the next commit, before the server hears of it: it rolls back. */
    public void cutBeforeCommit() {
        cuts.add(Cuts.Point.BEFORE_COMMIT, ANY);
    }

    /**
     * Cuts the connection of the next commit of such a transaction, before the server hears of it: it rolls back.
     *
     * @param sql a part of the text of one of the transaction's statements
     */
    public void cutBeforeCommitOf(String sql) {
        cuts.add(Cuts.Point.BEFORE_COMMIT, sql);
    }

    /** Cuts the connection of the next commit, after the server has committed, and before the client hears of it. */
    public void cutAfterCommit() {
        cuts.add(Cuts.Point.AFTER_COMMIT, ANY);
    }

    /**
     * Cuts the connection of the next commit of such a transaction, after the server has committed, and before the client
     * hears of it.
     *
     * @param sql a part of the text of one of the transaction's statements
     */
    public void cutAfterCommitOf(String sql) {
        cuts.add(Cuts.Point.AFTER_COMMIT, sql);
    }

    /**
     * Cuts the connection after the server has done such a statement, and before the client hears that it has: once no transaction is
     * open on it any more. So a statement in auto-commit mode is durable, and one in a transaction is what its end has made of it.
     *
     * @param sql a part of the statement's text, as the client sends it
     */
    public void cutAfter(String sql) {
        cuts.add(Cuts.Point.AFTER_REQUEST, sql);
    }

    /**
     * The cuts that were asked for, at a statement or a commit that has not come yet. A test that ends with some has not
     * shown what it meant to.
     *
     * @return how many
     */
    public int cutsToCome() {
        return cuts.size();
    }

    /** From now on, new connections are turned away. Those that there are go on. */
    public synchronized void refuse() {
        newcomers = Newcomers.TURNED_AWAY;
    }

    /**
     * Makes every connection half-open, now: it stays, but all bytes vanish, in both directions, and neither end hears of the
     * other again. New ones are served.
     */
    public void halfOpen() {
        connections.forEach(ProxiedConnection::fallSilent);
    }

    /** From now on, nobody hears of the other: every connection is half-open, and new ones are never answered. */
    public synchronized void silence() {
        newcomers = Newcomers.UNHEARD;
        halfOpen();
    }

    /** A good network again. Connections that were half-open are cut, as they would be; cuts to come are forgotten. */
    public synchronized void restore() {
        cuts.clear();
        delays.set(Duration.ZERO, Duration.ZERO);
        newcomers = Newcomers.SERVED;
        connections.stream().filter(ProxiedConnection::isSilent).forEach(ProxiedConnection::cut);
    }

    /**
     * How many connections there are, those that are half-open included.
     *
     * @return as of now
     */
    public int connections() {
        return connections.size();
    }

    /** What connects through it, and is to be closed before it. */
    void uses(AutoCloseable pool) {
        pools.add(pool);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                serve(door.accept());
            } catch (IOException | RejectedExecutionException isClosed) {
                return;
            }
        }
    }

    private synchronized void serve(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(client, cuts, delays, connections::remove);
        switch (newcomers) {
            case TURNED_AWAY -> connection.cut();
            case UNHEARD -> {
                connections.add(connection);
                connection.fallSilent();
            }
            case SERVED -> {
                connections.add(connection);
                threads.execute(() -> connection.run(server, threads));
            }
        }
    }

    /** Closes the pools that were made for it, then every connection. Repeating it does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        restore();
        for (AutoCloseable pool : pools) {
            try {
                pool.close();
            } catch (Exception failure) {
                throw new IllegalStateException("could not close what used " + this, failure);
            }
        }
        try {
            door.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("could not close " + this, failure);
        }
        cut();
        threads.shutdownNow();
    }

    /** {@code proxy 127.0.0.1:41234 to localhost:5432}. */
    @Override
    public String toString() {
        return "proxy " + host() + ":" + port() + " to " + server.getHostString() + ":" + server.getPort();
    }
}
