/** Fakes, test time, the contract of a store, JUnit 5 extensions and AssertJ assertions. */
module dev.pawl.testkit {
    requires static org.jspecify;
    requires transitive dev.pawl.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;
    requires static dev.pawl.jackson;
    requires static dev.pawl.jdbc;
    requires static com.zaxxer.hikari;
    requires static org.postgresql.jdbc;
    requires static transitive java.sql;
    requires org.slf4j;

    exports dev.pawl.testkit;
    exports dev.pawl.testkit.contract;

    opens dev.pawl.testkit.contract to
            org.junit.platform.commons;
}
