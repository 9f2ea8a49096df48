package dev.pawl.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection through a proxy: what it says goes to the server, and the answers back, unless it is cut or silent. */
final class ProxiedConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ProxiedConnection.class);
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_ENCRYPTION_REQUEST = 80877104;
    private static final byte[] NO = {'N'};
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final Socket client;
    private final Socket server = new Socket();
    private final Cuts cuts;
    private final Consumer<ProxiedConnection> onClose;
    private final Wire toServer;
    private final Wire toClient;
    private final ClientStatements statements = new ClientStatements();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean silent;

    ProxiedConnection(Socket client, Cuts cuts, Delays delays, Consumer<ProxiedConnection> onClose) {
        this.client = client;
        this.cuts = cuts;
        this.onClose = onClose;
        this.toServer = new Wire(delays::toServerNanos, this::isSilent);
        this.toClient = new Wire(delays::toClientNanos, this::isSilent);
    }

    /** Connects to the server, and passes on until one side ends. */
    void run(InetSocketAddress address, ExecutorService threads) {
        try {
            server.connect(new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_TIMEOUT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            threads.execute(() -> deliver(toServer, server));
            threads.execute(() -> deliver(toClient, client));
            threads.execute(this::listenToServer);
        } catch (IOException | RejectedExecutionException unreachable) {
            LOG.debug("no connection to {}: turning a client away", address, unreachable);
            cut();
            return;
        }
        listenToClient();
    }

    /** Both ends see it reset; what is under way is lost. */
    void cut() {
        close(true);
    }

    boolean isSilent() {
        return silent;
    }

    /** Neither end hears of the other any more, nor of its end. */
    void fallSilent() {
        silent = true;
    }

    /**
     * A request goes on whole, as it comes: in one packet, mostly. A server that had all of it but its end would wait for that
     * without a timeout, and keep its locks.
     */
    private void listenToClient() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            if (!begin(in)) {
                return;
            }
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            for (WireMessage next = WireMessage.read(in); next != null; next = WireMessage.read(in)) {
                if (isCutAt(next)) {
                    cut();
                    return;
                }
                request.writeBytes(next.bytes());
                if (next.endsRequest()) {
                    pass(request.toByteArray(), toServer);
                    request.reset();
                }
            }
            endOf(toServer);
        } catch (IOException gone) {
            endOf(toServer);
        }
    }

    /** Answers wishes for encryption, and passes on what the client begins with; false if it went instead. */
    private boolean begin(DataInputStream in) throws IOException {
        WireMessage first = WireMessage.readStartUp(in);
        while (first != null && wishesEncryption(first)) {
            LOG.info("a client asks for encryption, which a proxy could not read, so it is refused:"
                    + " connect with sslmode=disable");
            if (!silent) {
                toClient.send(NO);
            }
            first = WireMessage.readStartUp(in);
        }
        if (first == null) {
            endOf(toServer);
            return false;
        }
        pass(first.bytes(), toServer);
        return true;
    }

    private static boolean wishesEncryption(WireMessage first) {
        return first.startUpCode() == SSL_REQUEST || first.startUpCode() == GSS_ENCRYPTION_REQUEST;
    }

    private boolean isCutAt(WireMessage message) {
        return statements.runBy(message).filter(sql -> !silent && isCutAt(sql)).isPresent();
    }

    private boolean isCutAt(String sql) {
        return cuts.take(Cuts.Point.BEFORE_STATEMENT, List.of(sql))
                || (SqlText.hasCommit(sql) && cuts.take(Cuts.Point.BEFORE_COMMIT, statements.transaction()));
    }

    private void listenToServer() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
            for (WireMessage next = WireMessage.read(in); next != null; next = WireMessage.read(in)) {
                if (isCommitted(next) && !silent && cuts.take(Cuts.Point.AFTER_COMMIT, statements.transaction())) {
                    cut();
                    return;
                }
                if (isIdle(next)) {
                    if (!silent && cuts.take(Cuts.Point.AFTER_REQUEST, statements.transaction())) {
                        cut();
                        return;
                    }
                    statements.transactionIsOver();
                }
                pass(next.bytes(), toClient);
            }
            endOf(toClient);
        } catch (IOException gone) {
            endOf(toClient);
        }
    }

    /** A command is complete, and it was a commit: it is durable now. */
    private static boolean isCommitted(WireMessage message) {
        return message.type() == 'C' && message.text(0, 0).startsWith("COMMIT");
    }

    /** Ready for the next query, outside a transaction. */
    private static boolean isIdle(WireMessage message) {
        return message.type() == 'Z' && message.letter(0) == 'I';
    }

    private void pass(byte[] bytes, Wire wire) {
        if (!silent) {
            wire.send(bytes);
        }
    }

    private void endOf(Wire wire) {
        if (!silent) {
            wire.end();
        }
    }

    private void deliver(Wire wire, Socket to) {
        try {
            wire.deliver(to.getOutputStream());
            close(false);
        } catch (IOException gone) {
            if (!silent) {
                close(false);
            }
        } catch (InterruptedException stop) {
            close(true);
        }
    }

    private void close(boolean reset) {
        if (closed.compareAndSet(false, true)) {
            onClose.accept(this);
            close(client, reset);
            close(server, reset);
            toServer.end();
            toClient.end();
        }
    }

    private static void close(Socket socket, boolean reset) {
        try (socket) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException alreadyGone) {
            LOG.debug("closed already: {}", socket, alreadyGone);
        }
    }

    @Override
    public String toString() {
        return client.getRemoteSocketAddress() + (silent ? ", half-open" : "");
    }
}
