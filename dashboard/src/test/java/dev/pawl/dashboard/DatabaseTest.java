package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.audit.Evidence;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.view.JobFilter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The dashboard on PostgreSQL: what only a database can show. */
@PawlTest
class DatabaseTest {
    private static final Duration HANGS = Duration.ofSeconds(60);

    @Test
    void every_answer_is_as_it_is_described(JdbiPawl pawl) {
        JobId running = Newsroom.fill(pawl.jobs());
        assertThat(pawl.jobs().results(running)).containsExactly(Map.entry("fetch", Json.of("[1,2]")));
        try (Site site = Site.of(pawl, DashboardBuilder::allActions)) {
            for (String path : List.of(
                    "v1/dashboard/overview",
                    "v1/dashboard/job-progress",
                    "v1/dashboard/job-stats?window=P7D",
                    "v1/jobs?status=COMPLETED&endedFrom=2000-01-01T00:00:00Z",
                    "v1/queues",
                    "v1/scans",
                    "v1/repairs")) {
                ApiDescription.check("GET", path, site.get(path));
            }
            pawl.views().jobs(JobFilter.all(), 100).rows().forEach(job -> {
                String path = "v1/jobs/" + job.id();
                assertThat(site.get(path).statusCode()).isEqualTo(200);
                ApiDescription.check("GET", path, site.get(path));
            });
        }
    }

    @Test
    void exactly_the_plan_that_was_shown_is_carried_out(JdbiPawl pawl, DataSource database) throws Exception {
        // given
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        ClaimedJob<Json> job = Newsroom.claim(pawl.jobs());
        job.checkpoint(Newsroom.FETCH, Json.of("1"));
        job.checkpoint(Newsroom.PERSIST);
        loseCheckpoint(database, job.id());
        try (Site site = Site.of(
                pawl,
                builder -> builder.allActions()
                        .auditor(pawl.auditor().with(Evidence.of("recap", id -> false)))
                        .access(request -> Optional.of(Visitor.operator("ann"))))) {
            assertThat(site.post("v1/audit", "").statusCode()).isEqualTo(200);
            Awaitility.await()
                    .atMost(HANGS)
                    .until(() -> site.json("v1/audit").get("state").asText().equals("DONE"));
            String violation = site.json("v1/audit").at("/violations/0/id").asText();

            // when
            HttpResponse<String> planned = site.post("v1/repairs/plan", "{\"violations\":[\"" + violation + "\"]}");
            String plan = ApiDescription.check("POST", "v1/repairs/plan", planned)
                    .at("/plans/0/plan")
                    .asText();
            JobStatus untilThen = pawl.jobs().find(job.id()).orElseThrow().status();
            String asked = "{\"plans\":[\"" + plan + "\"]}";
            JsonNode repaired = ApiDescription.check("POST", "v1/repairs", site.post("v1/repairs", asked));
            JsonNode again = ApiDescription.check("POST", "v1/repairs", site.post("v1/repairs", asked));

            // then
            assertThat(untilThen).isEqualTo(JobStatus.COMPLETED);
            assertThat(repaired.at("/repaired/0/result").asText()).isEqualTo("DONE");
            assertThat(again.at("/repaired/0/result").asText()).isEqualTo("HAS_CHANGED_SINCE");
            assertThat(pawl.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FAILED);
            JsonNode record = ApiDescription.check("GET", "v1/repairs", site.get("v1/repairs"));
            assertThat(record.get("repairs")).hasSize(1);
            assertThat(record.at("/repairs/0/by/user").asText()).isEqualTo("ann");
        }
    }

    private static void loseCheckpoint(DataSource database, JobId job) throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "delete from pawl.checkpoint where queue = ? and job_id = ? and stage = 0")) {
            statement.setString(1, job.queue());
            statement.setObject(2, job.uuid());
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void records_of_repairs_come_in_pages(JdbiPawl pawl, DataSource database) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into pawl.repair (queue, job_id, code, before, after, at)
                    select 'recap', gen_random_uuid(), 'number-' || n, 'RUNNING', 'FAILED', now() from generate_series(1, 5) n
                    """);
        }
        try (Site site = Site.of(pawl, builder -> builder)) {
            List<String> codes = new ArrayList<>();
            Optional<String> next = Optional.empty();
            do {
                String path = "v1/repairs?limit=2"
                        + next.map(place -> "&next=" + URLEncoder.encode(place, StandardCharsets.UTF_8))
                                .orElse("");
                JsonNode page = ApiDescription.check("GET", path, site.get(path));
                page.get("repairs")
                        .forEach(repair -> codes.add(repair.get("code").asText()));
                next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
            } while (next.isPresent());
            HttpResponse<String> damaged = site.get("v1/repairs?next=damaged");

            assertThat(codes).containsExactly("number-5", "number-4", "number-3", "number-2", "number-1");
            assertThat(damaged.statusCode()).isEqualTo(400);
            assertThat(damaged.body()).contains("begin again without it");
        }
    }

    @Test
    void a_row_that_somebody_has_locked_is_busy(JdbiPawl pawl, DataSource database) throws Exception {
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        try (Site site = Site.of(pawl, DashboardBuilder::allActions);
                Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement lock =
                    connection.prepareStatement("select 1 from pawl.job where id = ? for update")) {
                lock.setObject(1, job.uuid());
                assertThat(lock.executeQuery().next()).isTrue();
            }

            HttpResponse<String> busy = site.post("v1/jobs/" + job + "/cancel", "");
            connection.rollback();
            HttpResponse<String> free = site.post("v1/jobs/" + job + "/cancel", "");

            assertThat(busy.statusCode()).as(busy.body()).isEqualTo(409);
            assertThat(busy.body()).contains("busy");
            assertThat(free.statusCode()).as(free.body()).isEqualTo(200);
        }
    }

    @Test
    void a_question_that_takes_too_long_is_given_up(JdbiPawl pawl, DataSource database) throws Exception {
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        try (Site site = Site.of(pawl, builder -> builder.patience(Duration.ofSeconds(1)));
                Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement lock = connection.createStatement()) {
                lock.execute("lock table pawl.job in access exclusive mode");
            }

            HttpResponse<String> slow = site.get("v1/jobs");
            int page = site.get("").statusCode();
            connection.rollback();

            assertThat(slow.statusCode()).as(slow.body()).isEqualTo(503);
            assertThat(slow.headers().firstValue("Retry-After")).isPresent();
            assertThat(slow.body()).containsAnyOf("could not answer in time", "has not answered within 1 s");
            assertThat(page).isEqualTo(200);
            Awaitility.await().atMost(HANGS).until(() -> site.get("v1/jobs").statusCode() == 200);
        }
    }

    @Test
    void a_dead_database_is_told_in_words_and_comes_back(JdbiPawl pawl, PostgresProxy proxy) {
        // given
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        try (Site site = Site.of(pawl, DashboardBuilder::allActions)) {
            assertThat(site.get("v1/queues").statusCode()).isEqualTo(200);

            // when
            proxy.refuse();
            proxy.cut();
            Awaitility.await().atMost(HANGS).until(() -> site.get("v1/queues").statusCode() == 503);
            HttpResponse<String> dead = site.get("v1/jobs/" + job);
            HttpResponse<String> act = site.post("v1/jobs/" + job + "/cancel", "");
            int page = site.get("").statusCode();
            int session = site.get("v1/session").statusCode();
            proxy.restore();

            // then
            for (HttpResponse<String> problem : List.of(dead, act)) {
                assertThat(problem.statusCode()).as(problem.body()).isEqualTo(503);
                assertThat(problem.headers().firstValue("Retry-After")).isPresent();
                assertThat(problem.body())
                        .contains("database")
                        .doesNotContain("Exception")
                        .doesNotContain("localhost")
                        .doesNotContain("jdbc");
            }
            assertThat(page).isEqualTo(200);
            assertThat(session).isEqualTo(200);
            Awaitility.await().atMost(HANGS).until(() -> site.get("v1/queues").statusCode() == 200);
            Awaitility.await()
                    .atMost(HANGS)
                    .until(() -> site.post("v1/jobs/" + job + "/cancel", "").statusCode() == 200);
        }
    }
}
