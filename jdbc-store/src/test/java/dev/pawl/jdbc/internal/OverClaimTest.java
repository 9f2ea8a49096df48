package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A claim takes what it asked for. The usual statement, an update joined to a limited subquery, runs that subquery again for
 * each row if the planner likes to: here it takes 51 jobs instead of 2, on every PostgreSQL.
 */
class OverClaimTest {
    private static final String NAIVE = """
            update naive j
               set state = 'running'
              from (select id
                      from naive
                     where k = 5
                       and state = 'ready'
                  order by run_at
                     limit 2
                       for update skip locked) s
             where j.k = 5
               and j.id = s.id
            """;

    private static Postgres.Fixture fixture;

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void the_usual_statement_claims_51_instead_of_2() {
        int claimed = fixture.sql().withHandle(handle -> {
            handle.execute(
                    "create table naive (k int, id int, state text, run_at timestamptz default now(), primary key (k, id))");
            handle.execute("create index on naive (k, run_at) where state = 'ready'");
            handle.execute(
                    "insert into naive select k, id, 'ready' from generate_series(1, 4) k, generate_series(1, 50) id");
            handle.execute("vacuum analyze naive");
            handle.execute("insert into naive select 5, id, 'ready' from generate_series(1, 51) id");
            return handle.execute(NAIVE);
        });

        assertThat(claimed).isEqualTo(51);
    }

    @Test
    void ours_claims_2_in_the_same_place_with_and_without_its_settings() throws SQLException {
        for (int queue = 1; queue <= 4; queue++) {
            new JobsOf(new JdbiJobStore(fixture.database()), "q" + queue).enqueue(50);
        }
        fixture.sql().useHandle(handle -> handle.execute("vacuum analyze job"));
        JobsOf jobs = new JobsOf(new JdbiJobStore(fixture.database()), "q5");
        jobs.enqueue(51);

        assertThat(jobs.claim(2, "w#1")).hasSize(2);
        try (Connection plain = Postgres.dataSource().getConnection()) {
            Explained unsettled = new Explained(fixture.database(), plain, false);
            assertThat(new JobsOf(new JdbiJobStore(fixture.database(), unsettled, false), "q5").claim(2, "w#2"))
                    .hasSize(2);
        }
        assertThat(fixture.count("select count(*) from job where status = 'RUNNING'"))
                .isEqualTo(4);
    }
}
