package dev.pawl.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * db-scheduler with its fastest strategy, lock-and-fetch, and the settings at which it was fastest here.
 *
 * <p>It knows no stages, so a pipeline is a task that reschedules itself at once with its state, the stage and its last
 * result, as task data: one durable write a stage, as its users would do it. Its serializer does as little as can be.
 */
final class DbScheduler implements Contender {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final double FETCH_BELOW = 2.0;
    private static final double FETCH_UP_TO = 8.0;

    /** Its own table definition for PostgreSQL. */
    private static final String TABLE = """
            create table scheduled_tasks (
                task_name            text not null,
                task_instance        text not null,
                task_data            bytea,
                execution_time       timestamp with time zone,
                picked               boolean not null,
                picked_by            text,
                last_success         timestamp with time zone,
                last_failure         timestamp with time zone,
                consecutive_failures int,
                last_heartbeat       timestamp with time zone,
                version              bigint not null,
                priority             smallint,
                state                text,
                primary key (task_name, task_instance))
            """;

    @Override
    public String name() {
        return "db-scheduler, lock-and-fetch";
    }

    @Override
    public void prepare(DataSource dataSource, Workload workload) throws SQLException {
        Database.execute(
                dataSource,
                "drop table if exists scheduled_tasks",
                TABLE,
                "create index execution_time_idx on scheduled_tasks (execution_time)",
                "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
        SchedulerClient client = SchedulerClient.Builder.create(dataSource)
                .serializer(new Text())
                .build();
        Stream<TaskInstance<?>> instances = Stream.iterate(0, i -> i < workload.jobs(), i -> i + 1)
                .map(i -> new TaskInstance<>(workload.name(), Integer.toString(i), "0 {\"n\":1}"));
        client.scheduleBatch(instances, Instant.now());
    }

    @Override
    public AutoCloseable run(DataSource dataSource, Workload workload, int threads) throws InterruptedException {
        CountDownLatch executed = new CountDownLatch(workload.steps());
        Scheduler scheduler = Scheduler.create(dataSource, task(workload))
                .threads(threads)
                .serializer(new Text())
                .pollingInterval(POLL)
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .addSchedulerListener(new AbstractSchedulerListener() {
                    @Override
                    public void onExecutionComplete(ExecutionComplete executionComplete) {
                        executed.countDown();
                    }
                })
                .build();
        scheduler.start();
        if (!executed.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException(executed.getCount() + " executions are missing after 10 minutes");
        }
        return scheduler::stop;
    }

    @Override
    public int completed(DataSource dataSource, Workload workload) throws SQLException {
        return workload.jobs() - Database.count(dataSource, "select count(*) from scheduled_tasks");
    }

    private static Task<String> task(Workload workload) {
        if (workload.stages() == 1) {
            return Tasks.oneTime(workload.name(), String.class).execute((instance, context) -> {});
        }
        String[] results = workload.results();
        return Tasks.custom(workload.name(), String.class).execute((instance, context) -> {
            String state = instance.getData();
            int stage = Integer.parseInt(state.substring(0, state.indexOf(' '))) + 1;
            if (stage == workload.stages()) {
                return new CompletionHandler.OnCompleteRemove<>();
            }
            String result = results[(instance.getId().length() + stage) % results.length];
            return (complete, operations) ->
                    operations.reschedule(complete, complete.getTimeDone(), stage + " " + result);
        });
    }

    /** Task data as the bytes of a string. */
    private static final class Text implements Serializer {
        @Override
        public byte[] serialize(Object data) {
            return ((String) data).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] bytes) {
            return type.cast(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
