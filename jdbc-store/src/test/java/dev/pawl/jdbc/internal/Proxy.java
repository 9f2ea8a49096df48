package dev.pawl.jdbc.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a client and PostgreSQL, and cuts a connection at its commit: before the server hears it, or after. */
public final class Proxy implements AutoCloseable {
    /** What becomes of the next commit. */
    public enum Cut {
        /** It passes, and so does its answer. */
        NONE,
        /** The server never hears it. */
        BEFORE_COMMIT,
        /** The server commits, and the client never hears of it. */
        AFTER_COMMIT
    }

    private final ServerSocket door;
    private final int server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NONE);

    /** To a server on this machine. */
    public Proxy(int server) throws IOException {
        this.server = server;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Where clients connect to. */
    public int port() {
        return door.getLocalPort();
    }

    /** Cuts the first connection that commits from now on. */
    public void cut(Cut cut) {
        next.set(cut);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
                Pair pair = new Pair(client, behind);
                threads.execute(() -> pair.pump(client, behind, true));
                threads.execute(() -> pair.pump(behind, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private final class Pair {
        private final Socket client;
        private final Socket behind;
        private volatile boolean cutAnswers;

        Pair(Socket client, Socket behind) {
            this.client = client;
            this.behind = behind;
        }

        void pump(Socket from, Socket to, boolean questions) {
            byte[] buffer = new byte[1 << 16];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (questions && isCommit(buffer, n)) {
                        Cut cut = next.getAndSet(Cut.NONE);
                        if (cut == Cut.BEFORE_COMMIT) {
                            return;
                        }
                        cutAnswers = cut == Cut.AFTER_COMMIT;
                    }
                    if (!questions && cutAnswers) { // the server has answered: it is done
                        return;
                    }
                    out.write(buffer, 0, n);
                    out.flush();
                }
            } catch (SocketException closed) {
                // by the other direction
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        private boolean isCommit(byte[] bytes, int n) {
            return new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT");
        }

        @Override
        public String toString() {
            return client + " to " + behind;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
