package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Position;
import dev.pawl.store.Search;
import dev.pawl.store.ViewStore.Found;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * A page of one queue's jobs. The inner select reads an index from the position on, lazily, and no further than so many rows: what is
 * rare has an index of its own, and every other condition is looked at in the rows that come out of it.
 */
final class SearchSql {
    private static final Set<JobStatus> BAD_ENDS = EnumSet.of(JobStatus.FAILED, JobStatus.CANCELLED);

    private final Search search;
    private final String queue;
    private final List<String> within = new ArrayList<>();
    private final List<String> passing = new ArrayList<>();
    private final String order;

    SearchSql(Search search, String queue) {
        this.search = search;
        this.queue = queue;
        this.order = search.byEnd() ? "j.ended_at desc, j.id desc" : "j.id desc";
        within.add("j.queue = :queue");
        narrow(search.filter());
        search.after().ifPresent(this::goOn);
    }

    private void narrow(JobFilter filter) {
        if (search.byEnd()) {
            within.add("j.ended_at >= :endedFrom and j.ended_at < :endedTo");
        }
        boolean rare = !search.byEnd();
        if (!filter.statuses().isEmpty()) {
            if (rare && BAD_ENDS.containsAll(filter.statuses())) {
                within.add("j.ended_badly");
                rare = false;
            }
            passing.add("j.status = any (cast(:statuses as text[]))");
        }
        if (filter.userId().isPresent()) {
            (rare ? within : passing).add("j.triggered_by = :user");
        } else if (filter.trigger().isPresent()) {
            passing.add("j.triggered_by is " + (filter.trigger().get() == Actor.Kind.USER ? "not null" : "null"));
        }
        filter.pipeline().ifPresent(name -> passing.add("j.pipeline = :pipeline"));
        filter.enqueued()
                .ifPresent(span -> passing.add("j.enqueued_at >= :enqueuedFrom and j.enqueued_at < :enqueuedTo"));
        if (filter.roots()) {
            passing.add("j.parent_id is null");
        }
    }

    /** Behind the position's queue the same place comes after it. */
    private void goOn(Position after) {
        String before = queue.compareTo(after.id().queue()) > 0 ? "<=" : "<";
        within.add(
                search.byEnd()
                        ? "(j.ended_at, j.id) " + before + " (:afterEnd, :afterId)"
                        : "j.id " + before + " :afterId");
    }

    Found find(Handle handle, Instant asOf) {
        List<JobSummary> rows = bound(
                        handle.createQuery("select " + ViewRows.SUMMARY + " from (select j.* from <schema>.job j where "
                                + String.join(" and ", within) + " order by " + order + " limit :examine) j "
                                + ViewRows.WITH_PIPELINE
                                + (passing.isEmpty() ? "" : "where " + String.join(" and ", passing))
                                + " order by " + order + " limit :limit"))
                .bind("examine", Math.max(search.examine(), search.limit() + 1))
                .bind("limit", search.limit() + 1)
                .map((row, context) -> ViewRows.summary(row))
                .list();
        boolean few = rows.size() <= search.limit();
        return new Found(rows, few && !passing.isEmpty() ? lastLookedAt(handle) : Optional.empty(), asOf);
    }

    /** Empty if the queue has no more. */
    private Optional<Position> lastLookedAt(Handle handle) {
        return bound(handle.createQuery(
                        "select j.id" + (search.byEnd() ? ", j.ended_at" : "") + " from <schema>.job j where "
                                + String.join(" and ", within) + " order by " + order + " offset :examine limit 1"))
                .bind("examine", Math.max(search.examine(), search.limit() + 1) - 1)
                .map((row, context) -> new Position(
                        search.byEnd() ? ViewRows.time(row, 2) : Optional.empty(),
                        new JobId(queue, row.getObject(1, UUID.class))))
                .findOne();
    }

    private Query bound(Query query) {
        JobFilter filter = search.filter();
        query.bind("queue", queue);
        filter.ended()
                .ifPresent(span -> query.bind("endedFrom", SqlArrays.time(span.from()))
                        .bind("endedTo", SqlArrays.time(span.to())));
        filter.enqueued()
                .ifPresent(span -> query.bind("enqueuedFrom", SqlArrays.time(span.from()))
                        .bind("enqueuedTo", SqlArrays.time(span.to())));
        search.after().ifPresent(after -> query.bind("afterId", after.id().uuid()));
        search.after()
                .filter(after -> search.byEnd())
                .ifPresent(after ->
                        query.bind("afterEnd", SqlArrays.time(after.endedAt().orElseThrow())));
        filter.userId().ifPresent(user -> query.bind("user", user));
        filter.pipeline().ifPresent(name -> query.bind("pipeline", name));
        return filter.statuses().isEmpty()
                ? query
                : query.bind("statuses", SqlArrays.texts(List.copyOf(filter.statuses()), JobStatus::name));
    }
}
