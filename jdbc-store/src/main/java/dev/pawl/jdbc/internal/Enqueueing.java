package dev.pawl.jdbc.internal;

import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.store.NewRow;
import dev.pawl.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * New jobs within one transaction (rule J9). What is known is found by a second statement: one that waited for another
 * transaction's key does not see the row that it waited for. In a loop, since that row may be gone again.
 */
final class Enqueueing {
    private static final int ROUNDS = 10;

    private final EnqueueSql sql;
    private final Argument now;

    Enqueueing(Handle handle, Optional<Instant> now) {
        this.sql = handle.attach(EnqueueSql.class);
        this.now = SqlArrays.time(now.orElse(null));
    }

    List<Enqueued> enqueue(List<NewRow> jobs) {
        @Nullable Enqueued[] answers = new Enqueued[jobs.size()];
        Map<String, List<Asked>> byQueue = new TreeMap<>();
        for (int i = 0; i < jobs.size(); i++) {
            byQueue.computeIfAbsent(jobs.get(i).id().queue(), queue -> new ArrayList<>())
                    .add(new Asked(i, jobs.get(i)));
        }
        byQueue.forEach((queue, asked) -> enqueueInTurns(queue, asked, answers));
        List<Enqueued> inOrder = new ArrayList<>(jobs.size());
        for (Enqueued answer : answers) {
            inOrder.add(java.util.Objects.requireNonNull(answer));
        }
        return inOrder;
    }

    /** Where an id comes again a new turn begins: what was asked for first must be there first, and a turn is in the order of keys. */
    private void enqueueInTurns(String queue, List<Asked> asked, @Nullable Enqueued[] answers) {
        Set<UUID> seen = new HashSet<>();
        List<Asked> turn = new ArrayList<>();
        for (Asked one : asked) {
            if (!seen.add(one.row.id().uuid())) {
                enqueueTurn(queue, turn, answers);
                turn = new ArrayList<>();
                seen = new HashSet<>(Set.of(one.row.id().uuid()));
            }
            turn.add(one);
        }
        enqueueTurn(queue, turn, answers);
    }

    private void enqueueTurn(String queue, List<Asked> turn, @Nullable Enqueued[] answers) {
        turn.sort(BY_KEY);
        for (List<Asked> some : Chunks.of(turn, one -> one.row.payload().text().length())) {
            enqueue(queue, some, answers);
        }
    }

    private void enqueue(String queue, List<Asked> asked, @Nullable Enqueued[] answers) {
        List<Asked> open = asked;
        for (int round = 1; !open.isEmpty(); round++) {
            if (round > ROUNDS) {
                throw new StoreException(
                        StoreException.Kind.FAILED,
                        "could not enqueue: job keys of queue " + queue + " came and went " + ROUNDS + " times",
                        new IllegalStateException("still open: " + open));
            }
            Set<UUID> inserted = new HashSet<>(sql.insert(queue, rows(open), now));
            List<Asked> refused = new ArrayList<>();
            for (Asked one : open) {
                if (inserted.remove(one.row.id().uuid())) {
                    answers[one.index] = new Enqueued(one.row.id(), true);
                } else {
                    refused.add(one);
                }
            }
            open = refused.isEmpty() ? List.of() : lookUp(queue, refused, answers);
        }
    }

    private List<Asked> lookUp(String queue, List<Asked> refused, @Nullable Enqueued[] answers) {
        List<Optional<UUID>> known = sql.known(
                queue,
                SqlArrays.uuids(refused, one -> one.row.id().uuid()),
                SqlArrays.texts(refused, one -> one.row.pipeline()),
                SqlArrays.texts(refused, one -> one.row.key().orElse(null)));
        List<Asked> gone = new ArrayList<>();
        for (int i = 0; i < refused.size(); i++) {
            Asked one = refused.get(i);
            known.get(i)
                    .ifPresentOrElse(
                            id -> answers[one.index] = new Enqueued(new JobId(queue, id), false), () -> gone.add(one));
        }
        return gone;
    }

    private static EnqueueSql.Rows rows(List<Asked> asked) {
        return new EnqueueSql.Rows(
                SqlArrays.uuids(asked, one -> one.row.id().uuid()),
                SqlArrays.texts(asked, one -> one.row.pipeline()),
                SqlArrays.ints(asked, one -> one.row.version()),
                SqlArrays.ints(asked, one -> one.row.stages()),
                SqlArrays.ints(asked, one -> one.row.priority()),
                SqlArrays.longs(asked, one -> SqlArrays.micros(one.row.delay())),
                SqlArrays.times(asked, one -> one.row.notBefore().orElse(null)),
                SqlArrays.texts(asked, one -> one.row.key().orElse(null)),
                SqlArrays.texts(asked, one -> one.row.payload().text()),
                SqlArrays.texts(asked, one -> JobWrites.user(one.row.triggeredBy())));
    }

    /** Keys in one order for everybody, so that two batches don't wait for each other. */
    private static final Comparator<Asked> BY_KEY = Comparator.comparing(
                    (Asked one) -> one.row.key().orElse(null), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(one -> one.row.pipeline());

    /** A job to insert, and at which place of the list it was asked for. */
    private record Asked(int index, NewRow row) {}
}
