package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.internal.FlatJson;
import dev.pawl.job.Attempt;
import dev.pawl.scan.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk over rows, once, within a stage of a job, for implementers of stores. Where it stands is the stage's saved progress, so
 * that whoever has the job next goes on there, and one who has lost it can't move it.
 */
public final class Backfill {
    private static final String KEYSET = "keyset";
    private static final String AFTER = "after";
    private static final String END = "end";
    private static final String ROWS = "rows";

    private Backfill() {}

    /**
     * What is done with a page, and the saving of the progress beyond it: one transaction, or one after the other.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface Pages<T> {
        /**
         * Handles a page, then saves the progress.
         *
         * @param page its rows
         * @param progress to be saved as the stage's
         * @throws Exception if it failed; the progress is not saved
         */
        void handle(Page<T> page, Json progress) throws Exception;
    }

    /**
     * Walks from where the stage's progress stands to where the rows ended when the first attempt began. Gives a sign of life
     * before each page, and stops between pages if the thread is interrupted.
     *
     * @param <T> a row
     * @param attempt at a stage that saves no other progress
     * @param rows to walk over
     * @param pages handles each page that has not been yet
     * @return how many rows were handled, by all attempts together
     * @throws IllegalStateException if the progress is of another order of keys, or of something else; nothing was done
     * @throws InterruptedException if the thread was interrupted
     * @throws Exception of the handling; what was handled before is saved
     */
    public static <T> long walk(Attempt<?> attempt, RowSource<T> rows, Pages<T> pages) throws Exception {
        String keyset = rows.keyset();
        Optional<Position> saved = attempt.progress(Json.class).map(json -> Position.read(attempt, json, keyset));
        Position at = saved.orElse(null);
        if (at == null) {
            Optional<Json> end = rows.lastKey();
            if (end.isEmpty()) {
                return 0;
            }
            at = new Position(keyset, Optional.empty(), end.get(), 0);
            attempt.saveProgress(
                    at.json()); // or an attempt that fails at the first page would leave the next another end
        }
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped before the rows after " + at.after);
            }
            attempt.heartbeat();
            Slice<T> slice = slice(rows, at);
            if (slice.last().isEmpty()) {
                return at.rows;
            }
            at = new Position(
                    keyset, slice.last(), at.end, at.rows + slice.rows().size());
            pages.handle(
                    new Page<>(slice.rows(), slice.hasSuccessor(), 1, attempt.number(), attempt.token()), at.json());
            if (!slice.hasSuccessor()) {
                return at.rows;
            }
        }
    }

    /** What the application's own mapper threw is what the attempt fails with. */
    private static <T> Slice<T> slice(RowSource<T> rows, Position at) throws Exception {
        try {
            return rows.slice(at.after, at.end);
        } catch (UnmappedPageException unmapped) {
            if (unmapped.why() instanceof Error error) {
                throw error;
            }
            throw (Exception) unmapped.why();
        }
    }

    /**
     * Refuses a handling's own progress, which would take the place of the walk's.
     *
     * @param <P> the payload
     * @param attempt of the walk
     * @return another view of it, which can't save progress
     */
    public static <P> Attempt<P> withoutProgress(Attempt<P> attempt) {
        return HeldAttempt.savingBy(attempt, (held, progress) -> {
            throw new IllegalStateException("a backfill's progress is where it stands, and saved by itself: job "
                    + held.id() + " can't save another in this stage");
        });
    }

    private record Position(String keyset, Optional<Json> after, Json end, long rows) {
        Json json() {
            Map<String, @Nullable String> fields = new LinkedHashMap<>();
            fields.put(KEYSET, keyset);
            fields.put(ROWS, Long.toString(rows));
            fields.put(AFTER, after.map(Json::text).orElse(null));
            fields.put(END, end.text());
            return FlatJson.object(fields);
        }

        static Position read(Attempt<?> attempt, Json json, String keyset) {
            Map<String, @Nullable String> fields = fields(json);
            String stored = fields.get(KEYSET);
            String end = fields.get(END);
            String rows = fields.get(ROWS);
            if (stored == null || end == null || rows == null) {
                throw new IllegalStateException("stage '" + attempt.stage() + "' of job " + attempt.id()
                        + " was left with a progress that is no backfill's: " + json
                        + ". Give the backfill a stage of its own, in a new version of the pipeline");
            }
            if (!stored.equals(keyset)) {
                throw new IllegalStateException("the backfill at stage '" + attempt.stage() + "' of job " + attempt.id()
                        + " was left under the keys (" + stored + "), but its rows are now by (" + keyset
                        + "), where its cursor means nothing. Deploy the former order until it has ended, or cancel the job and"
                        + " enqueue another");
            }
            return new Position(
                    stored,
                    Optional.ofNullable(fields.get(AFTER)).map(Json::wellFormed),
                    Json.wellFormed(end),
                    Long.parseLong(rows));
        }

        private static Map<String, @Nullable String> fields(Json json) {
            try {
                return FlatJson.object(json);
            } catch (IllegalArgumentException notOurs) {
                return Map.of();
            }
        }
    }
}
