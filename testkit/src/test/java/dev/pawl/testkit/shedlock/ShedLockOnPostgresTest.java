package dev.pawl.testkit.shedlock;

import dev.pawl.embed.Pawl;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ShedLockOnPostgresTest extends ShedLockContract {
    private static TestDatabase postgres;
    private static Pawl pawl;

    @BeforeAll
    static void open() {
        postgres = TestPostgres.shared().database();
        pawl = JdbiPawl.on(postgres.dataSource());
    }

    @AfterAll
    static void close() {
        pawl.close();
        postgres.close();
    }

    @Override
    Pawl pawl() {
        return pawl;
    }
}
