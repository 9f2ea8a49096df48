package dev.pawl.browser;

import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardBuilder;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The dashboard as an application serves it: in a container of its own choice, under a path of its own. */
final class Site implements AutoCloseable {
    private static final String CONTEXT = "/ops";
    private static final String PATH = "/where-is-my-job";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    private final Dashboard dashboard;

    private Site(Dashboard dashboard) {
        this.dashboard = dashboard;
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(CONTEXT);
        ServletHolder holder = new ServletHolder(dashboard.servlet());
        holder.setAsyncSupported(true);
        context.addServlet(holder, PATH + "/*");
        server.setHandler(context);
    }

    static Site of(DashboardBuilder settings) {
        Site site = new Site(settings.build());
        try {
            site.server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the site did not start", e);
        }
        return site;
    }

    /** Where the page is, with a slash at its end. */
    String url() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + CONTEXT + PATH + "/")
                .toString();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the site did not stop", e);
        } finally {
            dashboard.close();
        }
    }
}
