package dev.pawl.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.audit.Audit;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Repair;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A database in which nothing forbids contradictions, amid jobs that are well: one that is not is found, and alone; finding and
 * planning change nothing; what was repaired obeys every check of the schema again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AuditScene {
    private static final String CHECKS = """
            select c.conname as name, replace(pg_get_constraintdef(c.oid), ' NOT VALID', '') as definition
              from pg_constraint c
             where c.conrelid = 'pawl.job'::regclass
               and c.contype = 'c'
            """;

    private static final List<String> OF_JOBS = List.of("job", "checkpoint", "failure", "operation");
    private static final List<String> OTHERS = List.of("queue", "lease", "scan", "scan_skip", "repair");

    private final Map<String, String> checks = new LinkedHashMap<>();
    private TestDatabase database;
    private JdbiPawl pawl;
    private Jdbi jdbi;
    private Desk desk;

    @BeforeAll
    final void createDatabase() {
        database = TestPostgres.shared().database();
        jdbi = Jdbi.create(database.dataSource());
        jdbi.useHandle(handle -> handle.createQuery(CHECKS)
                .map((row, context) -> Map.entry(row.getString("name"), row.getString("definition")))
                .forEach(check -> checks.put(check.getKey(), check.getValue())));
        checks.keySet().forEach(name -> sql("alter table pawl.job drop constraint " + name));
        warmUp();
        new Desk(store(), "healthy").liveNormally();
    }

    /** A transaction that stands still for 5 s is ended, and on a machine that is busy the first of a JVM may. */
    private void warmUp() {
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(StoreException.class)
                .until(() -> {
                    new Desk(store(), "warm-" + UUID.randomUUID()).liveNormally();
                    return true;
                });
    }

    @BeforeEach
    final void begin() {
        OF_JOBS.forEach(table -> sql("delete from pawl." + table + " where queue <> 'healthy'"));
        OTHERS.forEach(table -> sql("delete from pawl." + table));
        sql("update pawl.job set ended_at = now() where has_orphans"); // that was a moment ago, however slow this
        // machine is
        pawl = JdbiPawl.with(database.dataSource()).name("audit").open();
        desk = new Desk(store(), "press");
    }

    @AfterEach
    final void end() {
        pawl.close();
    }

    @AfterAll
    final void dropDatabase() {
        database.close();
    }

    final JdbiJobStore store() {
        return new JdbiJobStore(Database.of(database.dataSource(), SchemaName.STANDARD));
    }

    final TestDatabase database() {
        return database;
    }

    final JdbiPawl pawl() {
        return pawl;
    }

    final Auditor auditor() {
        return pawl.auditor();
    }

    /** With evidence for every pipeline here. */
    final Auditor knowing(boolean outputsExist) {
        Auditor knowing = auditor();
        for (Runs of : List.of(Desk.STORY, Desk.ISSUE, Desk.GENRE)) {
            knowing = knowing.with(Evidence.of(of.pipeline(), job -> outputsExist));
        }
        return knowing;
    }

    /** Of the queue in which the test's own jobs are. */
    final Desk desk() {
        return desk;
    }

    final JobSnapshot job(JobId id) {
        return pawl.jobs().find(id).orElseThrow();
    }

    final int sql(String statement) {
        return jdbi.withHandle(handle -> handle.execute(statement));
    }

    /** Of the job's row. */
    final void set(JobId id, String columns) {
        assertThat(sql("update pawl.job set " + columns + where(id))).isEqualTo(1);
    }

    static String where(JobId id) {
        return " where queue = '" + id.queue() + "' and id = '" + id.uuid() + "'";
    }

    final String column(JobId id, String column) {
        return jdbi.withHandle(handle -> handle.select("select cast(" + column + " as text) from pawl.job" + where(id))
                .mapTo(String.class)
                .one());
    }

    /** Every row of every table. */
    final List<String> stored() {
        return jdbi.withHandle(handle -> {
            List<String> all = new ArrayList<>();
            Stream.of(OF_JOBS, OTHERS, List.of("pipeline"))
                    .flatMap(List::stream)
                    .forEach(table -> handle.select(
                                    "select '" + table + " ' || cast(t as text) from pawl." + table + " t order by 1")
                            .mapTo(String.class)
                            .forEach(all::add));
            return all;
        });
    }

    /** Of one job, and nothing else. */
    final Violation found(Invariant invariant, JobId job) {
        Violation found = found(invariant);
        assertThat(found.job()).contains(job);
        return found;
    }

    final Violation found(Invariant invariant) {
        return found(auditor(), invariant);
    }

    final Violation found(Auditor auditor, Invariant invariant) {
        List<String> before = stored();
        Audit audit = auditor.audit();
        assertThat(stored()).isEqualTo(before);
        assertThat(audit.violations()).extracting(Violation::code).containsExactly(invariant.code());
        assertThat(audit.isComplete()).isTrue();
        return audit.violations().get(0);
    }

    /** What a dry run says. */
    final Plan planned(Auditor auditor, Violation violation) {
        List<String> before = stored();
        List<Plan> plans = auditor.plan(List.of(violation));
        assertThat(stored()).isEqualTo(before);
        assertThat(plans).hasSize(1);
        assertThat(plans.get(0).violation()).isEqualTo(violation);
        return plans.get(0);
    }

    final void assertClean() {
        assertThat(auditor().audit().violations()).isEmpty();
    }

    final Result repaired(Plan plan) {
        return auditor().repair(List.of(plan), Desk.ANN).get(0).result();
    }

    /** Carries it out; a second audit is clean, the record is there, and the tables' checks could be put back. */
    final void repair(Plan plan) {
        Instant before = Instant.now();
        assertThat(repaired(plan)).isEqualTo(Result.DONE);
        assertClean();
        assertThat(auditor().repairs(10)).hasSize(1);
        Repair repair = auditor().repairs(10).get(0);
        assertThat(repair.by()).isEqualTo(Desk.ANN);
        assertThat(repair.at())
                .isBetween(before.minus(Duration.ofSeconds(5)), Instant.now().plus(Duration.ofSeconds(5)));
        assertThat(repair.code()).isEqualTo(plan.violation().code());
        assertThat(repair.job()).isEqualTo(plan.violation().job().orElseThrow());
        assertThat(repair.before()).isEqualTo(plan.before());
        assertThat(repair.after()).isEqualTo(plan.after());
        assertObeysTheSchema();
        assertChangesNothing(plan);
    }

    /** The state that it was planned from is not there (any more). */
    final void assertChangesNothing(Plan plan) {
        List<String> before = stored();
        assertThat(repaired(plan)).isEqualTo(Result.HAS_CHANGED_SINCE);
        assertThat(stored()).isEqualTo(before);
    }

    final void assertObeysTheSchema() {
        jdbi.useHandle(handle -> {
            handle.begin();
            checks.forEach((name, definition) ->
                    handle.execute("alter table pawl.job add constraint " + name + " " + definition));
            handle.rollback();
        });
    }
}
