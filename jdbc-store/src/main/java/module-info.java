/** The store on PostgreSQL, by Jdbi. */
@SuppressWarnings("module") // not all of the named modules are on the path when this one is compiled
module dev.pawl.jdbc {
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;
    requires transitive dev.pawl.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires org.jdbi.v3.sqlobject;
    requires org.postgresql.jdbc;
    requires io.leangen.geantyref;
    requires org.slf4j;

    exports dev.pawl.jdbc;
    exports dev.pawl.jdbc.internal to
            dev.pawl.testkit;

    opens dev.pawl.jdbc.internal to
            org.jdbi.v3.core,
            org.jdbi.v3.sqlobject;
}
