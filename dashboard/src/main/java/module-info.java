/** A servlet with a page and a JSON API that tell where jobs are. */
module dev.pawl.dashboard {
    requires transitive dev.pawl.core;
    requires transitive jakarta.servlet;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static org.eclipse.jetty.ee10.servlet;
    requires static org.eclipse.jetty.server;
    requires static org.eclipse.jetty.util;
    requires static transitive org.jspecify;

    exports dev.pawl.dashboard;
}
