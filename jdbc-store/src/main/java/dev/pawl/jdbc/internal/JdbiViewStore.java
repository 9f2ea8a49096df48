package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Past;
import dev.pawl.store.Search;
import dev.pawl.store.TallyStore;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.ChildListing;
import dev.pawl.view.QueueOverview;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The read side of PostgreSQL: each reading is one snapshot, takes no lock, and is given up after seconds. Safe for use by many threads. */
public final class JdbiViewStore implements ViewStore {
    /** After those of every transaction of Pawl's own, and before the first statement that reads. */
    static final String SETTINGS = """
            set transaction isolation level repeatable read read only;
            set local statement_timeout = '5s'\
            """;

    private final Database database;
    private final Transactions transactions;
    private final TallyStore tallies;

    /** In transactions of its own. */
    public JdbiViewStore(Database database) {
        this.database = database;
        this.transactions = new OwnTransactions(database);
        this.tallies = new JdbiTallyStore(database);
    }

    private <T> T read(String what, Transactions.Work<T> work) {
        return transactions.run(what, handle -> {
            handle.execute(SETTINGS);
            return work.on(handle);
        });
    }

    @Override
    public List<Viewed> jobs(List<JobId> ids, int children) {
        return ids.isEmpty()
                ? List.of()
                : read("view jobs", handle -> view(handle).jobs(ids, children));
    }

    @Override
    public Optional<Past> past(JobId id, int most) {
        return read("view the past of " + id, handle -> view(handle).past(id, most));
    }

    @Override
    public Found search(Search search) {
        return read("list jobs", handle -> {
            Instant asOf = view(handle).asOf();
            List<String> queues =
                    search.filter().queue().map(List::of).orElseGet(() -> new QueueViewSql(handle, now()).names());
            List<Found> found = queues.stream()
                    .map(queue -> new SearchSql(search, queue).find(handle, asOf))
                    .toList();
            return Found.of(found, search, asOf);
        });
    }

    @Override
    public Active active(Optional<String> queue, int limit, int examine) {
        return read(
                "list active jobs",
                handle -> new QueueViewSql(handle, now())
                        .active(queue, limit, examine, view(handle).asOf()));
    }

    @Override
    public ChildListing children(
            JobId parent, FencingToken fan, Set<JobStatus> anyOf, Optional<String> after, int limit, int examine) {
        return read(
                "list children of " + parent,
                handle -> view(handle).children(parent, fan, anyOf, after, limit, examine));
    }

    @Override
    public List<QueueOverview> queues(int cap) {
        return read("view queues", handle -> new QueueViewSql(handle, now()).overviews(cap));
    }

    @Override
    public TallyStore tallies() {
        return tallies;
    }

    private ViewSql view(Handle handle) {
        return new ViewSql(handle, now());
    }

    private @Nullable Instant now() {
        return database.time().orElse(null);
    }
}
