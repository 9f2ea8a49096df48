package dev.pawl.docs.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SchemaException;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Housekept;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@PawlTest
class OperatingTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");

    @Test
    void a_schema_is_made_when_told_to(DataSource dataSource) {
        // tag::migrate[]
        PawlSchema.migrate(dataSource, "jobs"); // as a role that may create the schema, or owns it
        // end::migrate[]
        // tag::open[]
        JdbiPawl pawl = JdbiPawl.with(dataSource)
                .schema("jobs") // "pawl" unless told otherwise
                .codec(new JacksonCodec())
                .name("newsroom-3") // who this process is, in leases, logs and refusals
                .jsonLimit(4 << 20) // 4 MiB for a payload, progress or result
                .notifications(true) // LISTEN and NOTIFY, beside polling
                .open();
        // end::open[]

        try (pawl) {
            assertThat(pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).created())
                    .isTrue();
        }
    }

    @Test
    void nothing_migrates_by_itself(DataSource dataSource) {
        assertThatThrownBy(
                        () -> JdbiPawl.with(dataSource).schema("nowhere").open().close())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("schema nowhere is missing")
                .hasMessageContaining("PawlSchema.migrate");
    }

    @Test
    void the_migration_may_be_run_by_hand(DataSource dataSource) {
        // tag::script[]
        String script = PawlSchema.sql("by_hand"); // to be run once, in one transaction
        // end::script[]
        Jdbi.create(dataSource)
                .useTransaction(handle -> handle.createScript(script).execute());

        JdbiPawl.with(dataSource).schema("by_hand").open().close();
    }

    @Test
    void tokens_are_advanced_when_told_to(DataSource dataSource) {
        PawlSchema.migrate(dataSource, "jobs");
        // tag::advance[]
        PawlSchema.advanceTokens(dataSource, "jobs"); // beyond every token that a row bears
        // end::advance[]
        // tag::skip[]
        PawlSchema.advanceTokens(dataSource, "jobs", 1_000_000_000); // that many are skipped
        // end::skip[]

        assertThat(PawlSchema.advanceTokens(dataSource, "jobs")).isGreaterThan(1_000_000_000);
        JdbiPawl.with(dataSource).schema("jobs").open().close();
    }

    @Test
    @SuppressWarnings("try") // a worker works by being open
    void each_statement_of_the_guide_runs(DataSource dataSource) throws IOException, InterruptedException {
        PawlSchema.migrate(dataSource);
        JobId ended;
        JobId family;
        JobId waiting;
        try (JdbiPawl pawl = JdbiPawl.with(dataSource).codec(new JacksonCodec()).open()) {
            ended = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
            pawl.jobs().cancel(ended, Actor.SYSTEM);
            pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY));
            NewJob<FanOutTest.Order> edition =
                    NewJob.of(FanOutTest.EDITION, FanOutTest.ORDER).queue("digest");
            family = pawl.jobs().enqueue(edition).id();
            try (Worker both = pawl.worker("digest")
                    .run(FanOutTest.edition())
                    .run(FanOutTest.translation(FanOutTest::translate))
                    .start()) {
                pawl.jobs().await(family, Duration.ofMinutes(1));
            }
            waiting = pawl.jobs().enqueue(edition).id();
            try (Worker parents =
                    pawl.worker("digest").run(FanOutTest.edition()).start()) {
                await().until(() ->
                        pawl.jobs().find(waiting).orElseThrow().children().isPresent());
            }
            pawl.jobs().cancel(childrenOf(waiting, dataSource).get(0), Actor.SYSTEM);
        }

        Jdbi.create(dataSource).useHandle(handle -> {
            handle.execute("update pawl.job set ended_at = now() - interval '31 days' where ended_at is not null");
            for (String statement : statements()) {
                assertThatCode(() -> handle.createQuery(statement).mapToMap().list())
                        .doesNotThrowAnyException();
            }
        });
        try (JdbiPawl pawl = JdbiPawl.with(dataSource).codec(new JacksonCodec()).open()) {
            assertThat(removedBy(pawl).removed()).containsExactly(Map.entry("digest", 5L));
            assertThat(pawl.jobs().find(ended)).isEmpty();
            assertThat(childrenOf(family, dataSource)).isEmpty();
            assertThat(childrenOf(waiting, dataSource))
                    .as("also the one that has ended")
                    .hasSize(3);
            keeping(pawl).close();
        }
    }

    private static Worker keeping(JdbiPawl pawl) {
        // tag::keep[]
        Worker worker = pawl.worker("digest")
                .run(FanOutTest.translation(FanOutTest::translate))
                .keep(JobStatus.COMPLETED, Duration.ofDays(30)) // with children, checkpoints and failures
                .keep(JobStatus.FAILED, Duration.ofDays(90)) // what is not told, as CANCELLED here, is kept for ever
                .start();
        // end::keep[]
        return worker;
    }

    private static Housekept removedBy(JdbiPawl pawl) {
        // tag::once[]
        Housekept done = pawl.housekeeping()
                .keep("digest", JobStatus.COMPLETED, Duration.ofDays(30))
                .keep("digest", JobStatus.CANCELLED, Duration.ofDays(30))
                .once(); // or start(), to go on
        // end::once[]
        return done;
    }

    private static List<JobId> childrenOf(JobId parent, DataSource dataSource) {
        return Jdbi.create(dataSource)
                .withHandle(handle -> handle.createQuery("select id from pawl.job where parent_id = :parent")
                        .bind("parent", parent.uuid())
                        .mapTo(UUID.class)
                        .map(id -> new JobId(parent.queue(), id))
                        .list());
    }

    private static List<String> statements() throws IOException {
        try (InputStream file = Objects.requireNonNull(OperatingTest.class.getResourceAsStream("/operating.sql"))) {
            String all = new String(file.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            List<String> statements = Arrays.stream(all.split(";"))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
            assertThat(statements).hasSize(8);
            return statements;
        }
    }
}
