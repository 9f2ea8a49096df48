package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.Stage;
import dev.pawl.lease.FencingToken;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Children that are read page by page. */
final class HeldChildren<R> implements Children<R> {
    private static final int PAGE = 500;

    private final JobId parent;
    private final FencingToken fan;
    private final Stage<R> last;
    private final Counts counts;
    private final JsonValues values;
    private final JobStore store;

    HeldChildren(JobId parent, FencingToken fan, Stage<R> last, Counts counts, JsonValues values, JobStore store) {
        this.parent = parent;
        this.fan = fan;
        this.last = last;
        this.counts = counts;
        this.values = values;
        this.store = store;
    }

    @Override
    public Counts counts() {
        return counts;
    }

    @Override
    public List<R> results() {
        List<R> results = new ArrayList<>(counts.completed());
        forEach(child -> child.result().ifPresent(results::add));
        return results;
    }

    @Override
    public Iterator<Child<R>> iterator() {
        return new Pages();
    }

    private Child<R> child(ChildRow row) {
        Optional<R> result = row.result().map(this::read);
        return new Child<>(row.key(), row.id(), row.status(), result, row.failure());
    }

    private R read(Json json) {
        return values.read(json, last.resultType());
    }

    private final class Pages implements Iterator<Child<R>> {
        private List<ChildRow> page = store.children(parent, fan, Optional.empty(), PAGE);
        private int next;

        @Override
        public boolean hasNext() {
            if (next == page.size() && page.size() == PAGE) {
                page = store.children(
                        parent, fan, Optional.of(page.get(PAGE - 1).key()), PAGE);
                next = 0;
            }
            return next < page.size();
        }

        @Override
        public Child<R> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are no more children of " + parent);
            }
            return child(page.get(next++));
        }
    }

    /** {@code 18 of 20 children completed, 0 open, 2 failed, 0 cancelled}. */
    @Override
    public String toString() {
        return counts.toString();
    }
}
