package dev.pawl.jdbc;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** For the driver, to which this package is open: counts requests, each of which is what is sent before an answer is waited for; on sockets that the driver connects by itself. */
public final class CountingSockets extends SocketFactory {
    private static final Map<String, AtomicInteger> REQUESTS = new ConcurrentHashMap<>();

    private final AtomicInteger requests;

    /** By the driver, for its {@code socketFactoryArg}. */
    public CountingSockets(String name) {
        this.requests = requests(name);
    }

    /** How many there were on all connections of this name. */
    public static AtomicInteger requests(String name) {
        return REQUESTS.computeIfAbsent(name, any -> new AtomicInteger());
    }

    @Override
    public Socket createSocket() {
        return new Counted(requests);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return new Socket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return new Socket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return new Socket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return new Socket(host, port, local, localPort);
    }

    private static final class Counted extends Socket {
        private final AtomicInteger requests;
        private final AtomicBoolean sent = new AtomicBoolean();

        Counted(AtomicInteger requests) {
            this.requests = requests;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    sent.set(true);
                    out.write(bytes, from, length);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    if (sent.getAndSet(false)) {
                        requests.incrementAndGet();
                    }
                    return in.read(bytes, from, length);
                }
            };
        }
    }
}
