package dev.pawl.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SchemaException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection is lost at the commit of what owners do to a schema: nobody knows whether it happened, and the error says so. */
@PawlTest
class OwnersConnectionLostTest {
    private PostgresProxy network;
    private Jdbi direct;
    private DataSource connections;

    @BeforeEach
    void open(PostgresProxy proxy, DataSource source) throws Exception {
        network = proxy;
        direct = Jdbi.create(source);
        connections = Unpooled.through(source, proxy);
    }

    @AfterEach
    void every_cut_has_come() {
        assertThat(network.cutsToCome()).isZero();
    }

    @Test
    void a_migration_whose_commit_was_not_answered_may_have_happened() {
        network.cutAfterCommit();
        assertNotKnown(() -> PawlSchema.migrate(connections, "answered_late"), "migrate schema answered_late");
        assertThat(exists("answered_late")).isTrue();

        PawlSchema.migrate(connections, "answered_late");
    }

    @Test
    void a_migration_that_the_server_never_heard_the_commit_of_is_done_by_its_repeat() {
        network.cutBeforeCommit();
        assertNotKnown(() -> PawlSchema.migrate(connections, "never_heard"), "migrate schema never_heard");
        assertThat(exists("never_heard")).isFalse();

        PawlSchema.migrate(connections, "never_heard");
        assertThat(exists("never_heard")).isTrue();
    }

    @Test
    void tokens_whose_advance_was_not_answered_may_have_been_advanced() {
        long before = PawlSchema.advanceTokens(connections, "pawl", 1);

        network.cutAfterCommit();
        assertNotKnown(() -> PawlSchema.advanceTokens(connections, "pawl", 100), "advance the tokens of schema pawl");

        assertThat(PawlSchema.advanceTokens(connections, "pawl", 100)).isEqualTo(before + 200);
    }

    @Test
    void what_fails_before_the_commit_has_changed_nothing() {
        network.cutBefore("alter sequence");

        assertThatThrownBy(() -> PawlSchema.advanceTokens(connections, "pawl", 100))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("could not advance the tokens of schema pawl: ")
                .hasMessageEndingWith("Nothing was changed");
    }

    private static void assertNotKnown(ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("lost the connection while committing (")
                .hasMessageEndingWith("so it is not known whether this happened: " + what + ". Run it again")
                .satisfies(lost -> assertThat(lost.getSuppressed()).isNotEmpty()); // a dead connection can't roll back
    }

    private boolean exists(String schema) {
        return direct.withHandle(
                handle -> handle.createQuery("select exists (select 1 from pg_namespace where nspname = :schema)")
                        .bind("schema", schema)
                        .mapTo(Boolean.class)
                        .one());
    }
}
