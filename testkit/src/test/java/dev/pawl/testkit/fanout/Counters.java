package dev.pawl.testkit.fanout;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What must hold of parents and their children at any time, looked up row by row. */
public final class Counters {
    private Counters() {}

    /** Parents whose counts are not those of their children's rows, and those that wait for nobody; empty if all is well. */
    public static List<String> wrong(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                            select p.queue || '/' || p.id || ' ' || p.status || ' counts '
                                   || concat_ws('/', p.open_children, p.failed_children, p.cancelled_children, p.children)
                                   || ', its rows are ' || concat_ws('/', c.open, c.failed, c.cancelled, c.total)
                                   || case when p.due_at is null and p.ended_at is null then ', it waits' else '' end
                              from pawl.job p
                        cross join lateral (
                                   select count(*) as total,
                                          count(*) filter (where c.ended_at is null) as open,
                                          count(*) filter (where c.status = 'FAILED') as failed,
                                          count(*) filter (where c.status = 'CANCELLED') as cancelled
                                     from pawl.job c
                                    where c.queue = p.queue
                                      and c.parent_id = p.id
                                      and c.parent_fan = p.fan) c
                             where p.fan is not null
                               and ((p.open_children, p.failed_children, p.cancelled_children, p.children)
                                    is distinct from (c.open, c.failed, c.cancelled, c.total)
                                    or (p.due_at is null and p.ended_at is null and c.open = 0))
                        """).mapTo(String.class).list());
    }
}
