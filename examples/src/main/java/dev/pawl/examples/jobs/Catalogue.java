package dev.pawl.examples.jobs;

import static dev.pawl.scan.KeyColumn.asc;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.scan.Scan;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** A scan over the finished recaps that have no entry in the catalogue yet: oldest decade first, a few at a time. */
public final class Catalogue {
    /** The scan's name. */
    public static final String NAME = "catalogue";

    private static final SqlRows<Recapped> WITHOUT_AN_ENTRY = SqlRows.select("""
                    select o.job_id, o.decade, o.title
                      from recap_outputs o
                     where o.entry is null""")
            .by(asc("decade"), asc("job_id"))
            .as(Recapped.class)
            .pagesOf(5);

    /** A finished recap. */
    public record Recapped(UUID jobId, int decade, String title) {}

    /**
     * The scan.
     *
     * @param pawl where it is kept
     * @return a scan that writes the entries of a page, and moves its cursor, in one commit
     */
    public static Scan scan(JdbiPawl pawl) {
        return pawl.scan(NAME, WITHOUT_AN_ENTRY).inTransaction((page, handle) -> {
            PreparedBatch entries = handle.prepareBatch("update recap_outputs set entry = :entry where job_id = :job");
            page.rows()
                    .forEach(recap -> entries.bind("entry", recap.decade() + "s: " + recap.title())
                            .bind("job", recap.jobId())
                            .add());
            entries.execute();
        });
    }

    /**
     * Makes entries out of date, as an edit of the recaps would.
     *
     * @param jdbi the database
     * @param before of decades before this one
     * @return how many
     */
    public static int forget(Jdbi jdbi, int before) {
        return jdbi.withHandle(
                handle -> handle.createUpdate("update recap_outputs set entry = null where decade < :before")
                        .bind("before", before)
                        .execute());
    }

    /**
     * How many recaps have no entry.
     *
     * @param handle the database
     * @return zero once a lap has ended during which no recap came or changed
     */
    public static int missing(Handle handle) {
        return handle.createQuery("select count(*) from recap_outputs where entry is null")
                .mapTo(int.class)
                .one();
    }

    private Catalogue() {}
}
