package dev.pawl.embed;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Counting;
import dev.pawl.store.Past;
import dev.pawl.store.Position;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.ActiveJobs;
import dev.pawl.view.ChildListing;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobListing;
import dev.pawl.view.JobProgress;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import dev.pawl.view.Timeline;
import dev.pawl.view.Views;
import dev.pawl.worker.WorkerContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** {@link Views} over a store. */
final class StoredViews implements Views {
    private static final int CHILDREN = 20;
    private static final int CHILDREN_ON_A_CARD = 10;
    private static final int FAILURES = 1_000;
    private static final int EXAMINED = 20_000;

    private final WorkerContext context;
    private final ViewStore store;

    StoredViews(WorkerContext context, ViewStore store) {
        this.context = context;
        this.store = store;
    }

    @Override
    public Optional<JobProgress> progress(JobId id) {
        return viewed(id, CHILDREN).map(Viewed::progress);
    }

    private Optional<Viewed> viewed(JobId id, int children) {
        Objects.requireNonNull(id, "id");
        return views().jobs(List.of(id), children).stream().findFirst();
    }

    @Override
    public Optional<Timeline> timeline(JobId id) {
        Objects.requireNonNull(id, "id");
        return views().past(id, FAILURES).map(Past::timeline);
    }

    @Override
    public JobListing jobs(JobFilter filter, int limit) {
        return jobs(Objects.requireNonNull(filter, "filter"), limit, Optional.empty());
    }

    @Override
    public JobListing jobs(JobFilter filter, int limit, String next) {
        Objects.requireNonNull(filter, "filter");
        return jobs(filter, limit, Optional.of(Position.parse(next, filter)));
    }

    @Override
    public JobListing more(JobListing page) {
        return page.next()
                .map(next -> jobs(page.filter(), page.limit(), next))
                .orElseGet(() -> new JobListing(page.filter(), page.limit(), List.of(), Optional.empty(), page.asOf()));
    }

    private JobListing jobs(JobFilter filter, int limit, Optional<Position> after) {
        Checks.between("rows of a page", limit, 1, MOST_ROWS);
        ViewStore.Found found = views().search(new Search(filter, after, limit, EXAMINED));
        return new JobListing(filter, limit, found.rows(), found.next().map(next -> next.text(filter)), found.asOf());
    }

    @Override
    public ActiveJobs active(Optional<String> queue, int limit) {
        queue.ifPresent(name -> Checks.name("queue", name));
        Checks.between("rows of a page", limit, 1, MOST_ROWS);
        ViewStore.Active found = views().active(queue, limit, COUNTED);
        List<JobProgress> rows = views().jobs(found.ids(), CHILDREN_ON_A_CARD).stream()
                .filter(viewed -> viewed.job().isActive()) // it may have ended meanwhile
                .map(Viewed::progress)
                .toList();
        return new ActiveJobs(rows, found.complete(), found.asOf());
    }

    @Override
    public ChildListing children(JobId parent, String stage, Set<JobStatus> anyOf, int limit, Optional<String> next) {
        Objects.requireNonNull(parent, "parent");
        Checks.name("stage", stage);
        next.ifPresent(key -> Checks.printable("position in a list of children", key));
        Checks.between("rows of a page", limit, 1, MOST_ROWS);
        Optional<Viewed> viewed = viewed(parent, 1);
        Optional<Viewed.Fan> fan = viewed.flatMap(job -> job.fanOf(job.stages().indexOf(stage)));
        if (fan.isEmpty()) {
            return new ChildListing(
                    List.of(), Optional.empty(), viewed.map(Viewed::asOf).orElseGet(() -> asOf(parent)));
        }
        return views().children(parent, fan.get().token(), Set.copyOf(anyOf), next, limit, EXAMINED);
    }

    private Instant asOf(JobId missing) {
        return views().search(new Search(JobFilter.all().queue(missing.queue()), Optional.empty(), 1, 1))
                .asOf();
    }

    @Override
    public List<QueueOverview> queues() {
        return views().queues(COUNTED);
    }

    @Override
    public Stats stats(StatsQuery query) {
        return Counting.read(views().tallies(), Objects.requireNonNull(query, "query"));
    }

    @Override
    public Stats stats(Duration window) {
        return stats(StatsQuery.last(Objects.requireNonNull(window, "window")));
    }

    private ViewStore views() {
        context.checkOpen();
        return store;
    }
}
