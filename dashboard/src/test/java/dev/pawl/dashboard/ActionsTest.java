package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.Actor;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What operators do: by Pawl's own operations, recorded, and refused in words. */
class ActionsTest extends SiteTest {
    ActionsTest() {
        super(builder -> builder.allActions().access(request -> Optional.of(Visitor.operator("ann"))));
    }

    private JsonNode done(String path, String body) {
        HttpResponse<String> response = site.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return ApiDescription.check("POST", path, response);
    }

    private JsonNode refused(int status, String path, String body) {
        HttpResponse<String> response = site.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return ApiDescription.check("POST", path, response);
    }

    @Test
    void a_job_is_cancelled_and_retried_by_whom_is_recorded() {
        // given
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);

        // when
        JsonNode cancelled = done("v1/jobs/" + job + "/cancel", "");
        JsonNode seen = site.json("v1/jobs/" + job);
        done("v1/jobs/" + job + "/retry", "{}");

        // then
        assertThat(cancelled.get("done").asText()).isEqualTo("Job " + job + " is cancelled.");
        assertThat(seen.at("/progress/job/status").asText()).isEqualTo("CANCELLED");
        assertThat(pawl.job(job).status()).isEqualTo(JobStatus.PENDING);
        assertThat(pawl.views().timeline(job).orElseThrow().events())
                .filteredOn(event -> event.by().equals(Optional.of(Actor.user("ann"))))
                .hasSize(2);
    }

    @Test
    void what_is_refused_is_told_in_words() {
        // given
        JobId running = Newsroom.fill(pawl.jobs());
        JobId missing = JobId.parse("recap/0190a6c1-7e1b-7000-8000-0000000000a1");

        // when, then
        assertThat(refused(409, "v1/jobs/" + running + "/retry", "")
                        .get("detail")
                        .asText())
                .contains("RUNNING")
                .contains(running.toString());
        assertThat(refused(404, "v1/jobs/" + missing + "/cancel", "")
                        .get("code")
                        .asText())
                .isEqualTo("not-found");
        assertThat(refused(404, "v1/queues/none/pause", "").get("detail").asText())
                .contains("none");
        assertThat(pawl.jobs().isPaused("none")).isFalse();
        pawl.faults().busy();
        JsonNode busy = refused(409, "v1/jobs/" + running + "/cancel", "");
        assertThat(busy.get("code").asText()).isEqualTo("busy");
        assertThat(busy.get("retryAfterMs").asLong()).isPositive();
        assertThat(pawl.job(running).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void a_queue_is_paused_and_resumed() {
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);

        done("v1/queues/recap/pause", "");
        JsonNode paused = site.json("v1/queues").at("/queues/0");
        done("v1/queues/recap/resume", "");

        assertThat(paused.at("/pausedBy/user").asText()).isEqualTo("ann");
        assertThat(paused.at("/standing/sentence").asText()).contains("paused since");
        assertThat(pawl.jobs().isPaused("recap")).isFalse();
    }

    @Test
    void a_page_is_skipped_only_as_it_was_shown() {
        // given
        Newsroom.failingScan(pawl);
        JsonNode failed = site.json("v1/scans/articles").at("/scan/failed");
        String shown = "{\"step\":%d,\"lap\":%d,\"last\":%s,\"rows\":%d}";
        String last = failed.at("/bounds/last").toString();
        long step = failed.get("step").asLong();

        // when
        JsonNode other = refused(409, "v1/scans/articles/skip", shown.formatted(step + 1, 1, last, 2));
        refused(409, "v1/scans/articles/skip", shown.formatted(step, 1, "\"[9]\"", 2));
        refused(404, "v1/scans/none/skip", shown.formatted(step, 1, last, 2));
        refused(400, "v1/scans/articles/skip", "{}");
        boolean untouched = pawl.scans().skipped("articles").isEmpty();
        done("v1/scans/articles/skip", shown.formatted(step, 1, last, 2));

        // then
        assertThat(other.get("detail").asText()).contains("nothing was skipped");
        assertThat(untouched).isTrue();
        assertThat(pawl.scans().skipped("articles").get(0).by()).isEqualTo(Actor.user("ann"));
        assertThat(site.json("v1/scans/articles").get("skipped")).hasSize(1);
    }

    @Test
    void an_audit_is_made_once_and_what_it_finds_has_a_plan_or_a_reason() {
        // given
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        pawl.jobs().pause("recap", Actor.SYSTEM);
        pawl.time().advance(Duration.ofDays(2));

        // when
        done("v1/audit", "");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> site.json("v1/audit").get("state").asText().equals("DONE"));
        JsonNode audit = site.json("v1/audit");

        // then
        assertThat(audit.findValuesAsText("code")).contains("queue-paused");
        assertThat(site.json("v1/dashboard/overview").get("attention").findValuesAsText("code"))
                .contains("queue-paused");
        JsonNode planned = done("v1/repairs/plan", "{\"violations\":[\"v1-0\",\"v9-9\"]}");
        assertThat(planned.get("plans")).isEmpty();
        assertThat(planned.get("without").findValuesAsText("why")).hasSize(2).allMatch(why -> !why.isBlank());
        for (String body : List.of("", "{}", "[]", "{\"plans\":[]}", "{\"plans\":[1]}", "{\"plans\":\"x\"}")) {
            refused(400, "v1/repairs", body);
        }
        assertThat(refused(409, "v1/repairs", "{\"plans\":[\"none\"]}")
                        .get("detail")
                        .asText())
                .contains("Plan again");
    }

    @Test
    void an_audit_begins_ten_seconds_after_the_last_one_at_the_earliest() {
        AtomicLong nanos = new AtomicLong();
        Audits audits = new Audits(pawl.auditor(), false, Runnable::run, nanos::get);
        audits.start();

        assertThatThrownBy(audits::start)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.retryAfter()).hasValue(Duration.ofSeconds(10)));

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        audits.start();
        assertThat(audits.json().get("state").asText()).isEqualTo("DONE");
    }

    @Test
    void bodies_are_json_of_a_bounded_size() {
        assertThat(refused(400, "v1/repairs", "{").get("detail").asText()).contains("must be JSON");
        assertThat(refused(413, "v1/repairs", "{\"plans\":[\"" + "x".repeat(70_000) + "\"]}")
                        .get("code")
                        .asText())
                .isEqualTo("too-large");
        HttpResponse<String> form = site.send(site.request("v1/repairs")
                .headers("Pawl-Csrf", site.token(), "Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("a=b")));
        assertThat(form.statusCode()).isEqualTo(415);
    }
}
