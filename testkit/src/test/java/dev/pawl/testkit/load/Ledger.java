package dev.pawl.testkit.load;

import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the clients were told by the store, to be held against what the database says in the end. For many threads. */
final class Ledger {
    /** What happened, so that a storm in which something did not is no proof of it. */
    enum Event {
        ENQUEUED,
        KNOWN_KEY,
        CLAIMED,
        TAKEN_OVER,
        DONE,
        REPEATED,
        REFUSED,
        BUSY,
        COMMITTED,
        ROLLED_BACK,
        COMMIT_REFUSED,
        CRASHED,
        STEERED,
        PAUSED
    }

    private record Acknowledged(String kind, JobId job, int stage, long token, long number) {}

    private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private final Set<FencingToken> tokens = ConcurrentHashMap.newKeySet();
    private final List<JobId> jobs = new ArrayList<>();

    Ledger() {
        for (Event event : Event.values()) {
            events.put(event, new LongAdder());
        }
    }

    void saw(Event event) {
        events.get(event).increment();
    }

    void unexpected(Throwable what) {
        unexpected.add(what);
    }

    void enqueued(JobId id, boolean created) {
        saw(created ? Event.ENQUEUED : Event.KNOWN_KEY);
        acknowledged.add(new Acknowledged("ENQUEUE", id, 0, 0, 0));
        synchronized (jobs) {
            jobs.add(id);
        }
    }

    void claimed(FencingToken token, boolean takeover) {
        saw(takeover ? Event.TAKEN_OVER : Event.CLAIMED);
        if (!tokens.add(token)) {
            unexpected(new AssertionError("token " + token + " was issued twice"));
        }
    }

    void answered(JobWrite write, Answer answer) {
        if (answer instanceof Answer.Busy) {
            saw(Event.BUSY);
        } else if (answer instanceof Answer.Refused) {
            saw(Event.REFUSED);
        } else {
            boolean done = answer instanceof Answer.Done;
            saw(done ? Event.DONE : Event.REPEATED);
            if (write instanceof JobWrite.Checkpoint checkpoint) {
                checkpointed(
                        checkpoint.job(), checkpoint.stage(), checkpoint.fence().token());
            } else if (done && write instanceof JobWrite.SaveProgress progress) {
                acknowledged.add(new Acknowledged(
                        "PROGRESS",
                        progress.job(),
                        progress.stage(),
                        progress.fence().token().value(),
                        progress.number()));
            }
        }
    }

    void checkpointed(JobId job, int stage, FencingToken token) {
        acknowledged.add(new Acknowledged("CHECKPOINT", job, stage, token.value(), 0));
    }

    Optional<JobId> anyJob(Random random) {
        synchronized (jobs) {
            return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.get(random.nextInt(jobs.size())));
        }
    }

    /** What has not happened, so that nothing is known of it. */
    List<Event> missing() {
        return events.entrySet().stream()
                .filter(event -> event.getValue().sum() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    long total() {
        return events.values().stream().mapToLong(LongAdder::sum).sum();
    }

    List<Throwable> unexpected() {
        return List.copyOf(unexpected);
    }

    /** Into the application's table, for the invariants. */
    void writeDown(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into acknowledged values (?, ?, ?, ?, ?)")) {
            for (Acknowledged one : acknowledged) {
                insert.setString(1, one.kind);
                insert.setObject(2, one.job.uuid());
                insert.setInt(3, one.stage);
                insert.setLong(4, one.token);
                insert.setLong(5, one.number);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public String toString() {
        return events.toString();
    }
}
