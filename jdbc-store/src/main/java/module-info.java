/** The store on PostgreSQL, by Jdbi. */
module dev.pawl.jdbc {
    requires static org.jspecify;
    requires transitive dev.pawl.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires org.jdbi.v3.sqlobject;
    requires org.postgresql.jdbc;
    requires io.leangen.geantyref;
    requires org.slf4j;
}
