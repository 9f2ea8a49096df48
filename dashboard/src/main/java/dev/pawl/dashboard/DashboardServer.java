package dev.pawl.dashboard;

import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves a dashboard for services without a container, on an embedded Jetty, which must be on the class path
 * ({@code org.eclipse.jetty.ee10:jetty-ee10-servlet}). Plain HTTP: for other machines put it behind what speaks TLS.
 */
public final class DashboardServer implements AutoCloseable {
    private static final int THREADS = 32;

    private final Server server;
    private final ServerConnector connector;
    private final String host;

    private DashboardServer(Server server, ServerConnector connector, String host) {
        this.server = server;
        this.connector = connector;
        this.host = host;
    }

    /**
     * Serves this machine, at port 8080.
     *
     * @param dashboard is not closed with it
     * @return to be closed
     * @throws IllegalStateException if the port is taken; nothing is served
     */
    public static DashboardServer start(Dashboard dashboard) {
        return start(dashboard, "127.0.0.1", 8080);
    }

    /**
     * Serves an address of this machine.
     *
     * @param dashboard is not closed with it
     * @param host the name or the address to be bound to: {@code 127.0.0.1} for this machine only, {@code 0.0.0.0} for all
     * @param port the port; 0 for any that is free
     * @return to be closed
     * @throws IllegalStateException if the address is not a loopback one and the dashboard has no {@link Access}, or the port is taken;
     *     nothing is served
     * @throws IllegalArgumentException if there is no such host, or the port can't be one
     */
    public static DashboardServer start(Dashboard dashboard, String host, int port) {
        Objects.requireNonNull(dashboard, "dashboard");
        checkAddress(dashboard, host, port);
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
        threads.setName("pawl-dashboard-http");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(dashboard.servlet());
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.setStopAtShutdown(false);
        return started(new DashboardServer(server, connector, host), port);
    }

    private static void checkAddress(Dashboard dashboard, String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port must be 0 to 65535, but was " + port);
        }
        try {
            if (dashboard.isForThisMachineOnly()
                    && !InetAddress.getByName(Objects.requireNonNull(host, "host"))
                            .isLoopbackAddress()) {
                throw new IllegalStateException("the dashboard is not started: it was to be bound to " + host
                        + ", which other machines can reach, and nothing says who may see it. " + Gate.HOW);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("there is no host '" + host + "' to bind the dashboard to", e);
        }
    }

    private static DashboardServer started(DashboardServer made, int port) {
        try {
            made.server.start();
            return made;
        } catch (Exception e) {
            made.close();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new IllegalStateException(
                            "the dashboard is not started: port " + port + " of " + made.host
                                    + " can't be bound to, probably since something else listens there. Take another port, or 0 for any.",
                            e);
                }
            }
            throw new IllegalStateException("the dashboard is not started: " + e.getMessage(), e);
        }
    }

    /**
     * Where it is served.
     *
     * @return the address of the page, with the port that was bound
     */
    public URI uri() {
        return URI.create(
                "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort() + "/");
    }

    /** Stops serving; repeating it does nothing. The dashboard is not closed. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the dashboard's server could not be stopped: " + e.getMessage(), e);
        }
    }
}
