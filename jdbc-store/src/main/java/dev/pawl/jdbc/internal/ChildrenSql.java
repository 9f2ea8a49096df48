package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.ChildListing;
import dev.pawl.view.JobProgress.Child;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** A page of the children of one fan-out, in the order of their keys. */
final class ChildrenSql {
    private static final String BEYOND = """
            where c.queue = :queue
              and c.parent_id = :id
              and c.parent_fan = :fan
              and c.child_key > :after
            """;

    private final Handle handle;
    private final JobId parent;
    private final FencingToken fan;
    private final Optional<String> after;

    ChildrenSql(Handle handle, JobId parent, FencingToken fan, Optional<String> after) {
        this.handle = handle;
        this.parent = parent;
        this.fan = fan;
        this.after = after;
    }

    ChildListing page(Set<JobStatus> anyOf, int limit, int examine, Instant asOf) {
        int examined = Math.max(examine, limit + 1);
        List<Child> rows = bound(handle.createQuery("select " + ViewRows.SUMMARY
                        + " from (select c.* from <schema>.job c " + BEYOND + "order by c.child_key limit :examine) j "
                        + ViewRows.WITH_PIPELINE
                        + "where j.status = any (cast(:statuses as text[])) order by j.child_key limit :limit"))
                .bind("examine", examined)
                .bind("statuses", SqlArrays.texts(statuses(anyOf), JobStatus::name))
                .bind("limit", limit + 1)
                .map((row, context) -> ViewRows.child(row))
                .list();
        if (rows.size() > limit) {
            List<Child> page = rows.subList(0, limit);
            return new ChildListing(page, Optional.of(page.get(limit - 1).key()), asOf);
        }
        return new ChildListing(rows, lastLookedAt(examined), asOf);
    }

    private static List<JobStatus> statuses(Set<JobStatus> anyOf) {
        return anyOf.isEmpty() ? List.of(JobStatus.values()) : List.copyOf(anyOf);
    }

    /** Empty if there are no more. */
    private Optional<String> lastLookedAt(int examined) {
        return bound(handle.createQuery("select c.child_key from <schema>.job c " + BEYOND
                        + "order by c.child_key offset :before limit 1"))
                .bind("before", examined - 1)
                .mapTo(String.class)
                .findOne();
    }

    private Query bound(Query query) {
        return query.bind("queue", parent.queue())
                .bind("id", parent.uuid())
                .bind("fan", fan.value())
                .bind("after", after.orElse(""));
    }
}
