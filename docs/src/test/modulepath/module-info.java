/** An application with a module of its own, as Pawl's users have. */
module com.example.orders {
    requires dev.pawl.dashboard;
    requires dev.pawl.jackson;
    requires dev.pawl.jdbc;
    requires java.naming;
    requires java.net.http;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.postgresql.jdbc;

    opens com.example.orders to
            com.fasterxml.jackson.databind;
}
