package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Actor;
import dev.pawl.job.JobId;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the answers to the document that describes them, and the document to itself. */
class OpenApiTest extends SiteTest {
    OpenApiTest() {
        super(DashboardBuilder::allActions);
    }

    @Test
    void every_answer_is_as_it_is_described() {
        // given
        JobId running = Newsroom.fill(pawl.jobs());
        JobId parent = Newsroom.family(pawl);
        Newsroom.failingScan(pawl);
        pawl.jobs().pause("recap", Actor.user("ann"));

        // when, then
        List<String> paths = new ArrayList<>(List.of(
                "v1/session",
                "v1/dashboard/overview",
                "v1/dashboard/job-progress",
                "v1/dashboard/job-progress?queue=recap&limit=1&recent=0",
                "v1/dashboard/job-stats",
                "v1/dashboard/job-stats?window=PT2H&step=PT10M&queue=recap&pipeline=recap",
                "v1/jobs",
                "v1/jobs?queue=recap&pipeline=recap&status=FAILED&status=COMPLETED&trigger=USER&user=ann&roots=true&limit=2",
                "v1/jobs?endedFrom=2000-01-01T00:00:00Z",
                "v1/jobs/" + parent + "/children?stage=genres&status=PENDING&limit=1",
                "v1/queues",
                "v1/scans",
                "v1/scans/articles",
                "v1/audit",
                "v1/repairs?limit=5"));
        pawl.views().jobs(JobFilter.all(), 100).rows().forEach(job -> paths.add("v1/jobs/" + job.id()));
        for (String path : paths) {
            ApiDescription.check("GET", path, site.get(path));
        }
        JsonNode children = site.json("v1/jobs/" + parent + "/children?stage=genres&limit=1");
        assertThat(children.get("next").asText()).isEqualTo("politics");
        assertThat(site.json("v1/jobs/" + running).at("/progress/job/status").asText())
                .isEqualTo("RUNNING");
    }

    @Test
    void every_problem_is_as_it_is_described() {
        for (String path : List.of(
                "v1/jobs?limit=0",
                "v1/jobs?nonsense=1",
                "v1/jobs/recap/nonsense",
                "v1/jobs/recap/0190a6c1-7e1b-7000-8000-0000000000a1",
                "v1/scans/none",
                "v1/dashboard/job-stats?window=PT1S")) {
            JsonNode problem = ApiDescription.check("GET", path, site.get(path));
            assertThat(problem.get("detail").asText()).as(path).isNotBlank();
        }
    }

    @Test
    void what_was_asked_for_is_what_is_told() {
        // given
        Newsroom.fill(pawl.jobs());

        // when
        JsonNode byAnn = site.json("v1/jobs?user=ann");
        JsonNode failed = site.json("v1/jobs?status=FAILED");
        JsonNode first = site.json("v1/jobs?limit=2");
        JsonNode second = site.json("v1/jobs?limit=3&next=" + first.get("next").asText());

        // then
        assertThat(byAnn.findValuesAsText("status")).containsExactly("RUNNING", "COMPLETED");
        assertThat(failed.get("rows")).hasSize(1);
        assertThat(Stream.concat(
                                first.get("rows").findValuesAsText("uuid").stream(),
                                second.get("rows").findValuesAsText("uuid").stream())
                        .distinct())
                .hasSize(5);
        assertThat(site.get("v1/jobs?status=FAILED&next=" + first.get("next").asText())
                        .statusCode())
                .as("a position of another filter")
                .isEqualTo(400);
    }

    @Test
    void figures_and_reasons_are_those_of_the_jobs() {
        // given
        Newsroom.fill(pawl.jobs());
        assertThat(site.json("v1/dashboard/overview").at("/inFlight/value").asInt())
                .isEqualTo(2);
        pawl.jobs().pause("recap", Actor.user("ann"));
        pawl.time().advance(Duration.ofMinutes(20));

        // when
        site.post("v1/queues/recap/pause", ""); // after an action nothing is kept
        JsonNode overview = site.json("v1/dashboard/overview");

        // then
        assertThat(overview.at("/stats/total/completed").asInt()).isEqualTo(1);
        assertThat(overview.at("/stats/total/failed").asInt()).isEqualTo(1);
        assertThat(overview.at("/stats/total/successRate").asDouble()).isEqualTo(0.5);
        assertThat(overview.get("attention").findValuesAsText("code")).contains("lease-expired");
        assertThat(overview.get("attention").findValuesAsText("sentence"))
                .anyMatch(sentence ->
                        sentence.contains("the queue has been paused since") && sentence.contains("by user ann"));
    }

    @Test
    void the_documents_examples_are_as_it_says_itself() {
        int examples = 0;
        for (JsonNode path : ApiDescription.DOCUMENT.get("paths")) {
            for (Map.Entry<String, JsonNode> operation : path.properties()) {
                JsonNode content = operation.getValue().at("/responses/200/content/application~1json");
                if (content.has("example")) {
                    examples++;
                    assertThat(ApiDescription.validate(content.get("schema"), content.get("example")))
                            .as(operation.getValue().path("operationId").asText())
                            .isEmpty();
                }
            }
        }
        assertThat(examples).isGreaterThan(15);
    }

    @Test
    void every_route_is_described_and_every_described_path_is_a_route() {
        List<String> described = new ArrayList<>();
        ApiDescription.DOCUMENT
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (!operation.getKey().equals("parameters")) {
                        described.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                                + path.getKey().substring(1).replaceAll("\\{[a-z]+}", "*"));
                    }
                }));

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of("GET v1/session", "GET v1/events"),
                                site.dashboard().routes().all().stream()
                                        .map(route -> route.method() + " " + String.join("/", route.pattern())))
                        .toList());
    }

    @Test
    void every_kind_of_event_is_described() {
        List<String> described = new ArrayList<>();
        ApiDescription.DOCUMENT
                .at("/components/schemas/Event/properties/kind/enum")
                .forEach(kind -> described.add(kind.asText()));

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(Stream.of(JobEvent.Kind.values())
                        .map(JobEvent.Kind::name)
                        .toList());
    }

    @Test
    void a_wrong_answer_is_not_as_it_is_described() {
        JsonNode schema =
                ApiDescription.operation("GET", "v1/queues").at("/responses/200/content/application~1json/schema");
        JsonNode answer = site.json("v1/queues");
        ObjectNode wrong = answer.deepCopy();
        wrong.put("surprise", 1);

        assertThat(ApiDescription.validate(schema, answer)).isEmpty();
        assertThat(ApiDescription.validate(schema, wrong)).isNotEmpty();
        wrong.remove(List.of("surprise", "asOf"));
        assertThat(ApiDescription.validate(schema, wrong)).isNotEmpty();
    }
}
