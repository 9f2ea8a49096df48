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
import org.jspecify.annotations.Nullable;

/** The read side of PostgreSQL ({@link ViewRequest}). Safe for use by many threads. */
public final class JdbiViewStore implements ViewStore {
    private final Database database;
    private final Transactions transactions;
    private final TallyStore tallies;

    /** In transactions of its own. */
    public JdbiViewStore(Database database) {
        this(database, OwnTransactions.thatSetNothing(database));
    }

    /** In others, which set nothing. */
    JdbiViewStore(Database database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
        this.tallies = new JdbiTallyStore(database, transactions, new OwnTransactions(database));
    }

    @Override
    public List<Viewed> jobs(List<JobId> ids, int children) {
        return ids.isEmpty()
                ? List.of()
                : transactions.run("view jobs", handle -> new ViewSql(handle, now()).jobs(ids, children));
    }

    @Override
    public Optional<Past> past(JobId id, int most) {
        return transactions.run("view the past of " + id, handle -> new ViewSql(handle, now()).past(id, most));
    }

    @Override
    public Found search(Search search) {
        return transactions.run("list jobs", handle -> {
            QueueViewSql.Names names =
                    new QueueViewSql(handle, now()).names(search.filter().queue());
            List<Found> found = names.queues().stream()
                    .map(queue -> new SearchSql(search, queue).find(handle, names.asOf()))
                    .toList();
            return Found.of(found, search, names.asOf());
        });
    }

    @Override
    public Active active(Optional<String> queue, int limit, int examine) {
        return transactions.run("list active jobs", handle -> {
            QueueViewSql queues = new QueueViewSql(handle, now());
            return queues.active(queue, limit, examine, queues.names(queue).asOf());
        });
    }

    @Override
    public ChildListing children(
            JobId parent, FencingToken fan, Set<JobStatus> anyOf, Optional<String> after, int limit, int examine) {
        return transactions.run("list children of " + parent, handle -> {
            Instant asOf = new QueueViewSql(handle, now())
                    .names(Optional.of(parent.queue()))
                    .asOf();
            return new ChildrenSql(handle, parent, fan, after).page(anyOf, limit, examine, asOf);
        });
    }

    @Override
    public List<QueueOverview> queues(int cap) {
        return transactions.run("view queues", handle -> new QueueViewSql(handle, now()).overviews(cap));
    }

    @Override
    public TallyStore tallies() {
        return tallies;
    }

    private @Nullable Instant now() {
        return database.time().orElse(null);
    }
}
