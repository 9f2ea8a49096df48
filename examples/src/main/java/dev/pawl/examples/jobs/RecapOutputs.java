package dev.pawl.examples.jobs;

import static dev.pawl.job.Outcome.done;

import dev.pawl.examples.recap.Texts.Brief;
import dev.pawl.job.Attempt;
import dev.pawl.job.Outcome;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The application's own table of finished recaps. It has no unique key on purpose: nothing but Pawl's fence keeps a
 * worker that was replaced from writing a second row.
 */
public final class RecapOutputs {

    /**
     * Creates the table if it isn't there.
     *
     * @param jdbi the database
     */
    public static void create(Jdbi jdbi) {
        jdbi.useHandle(handle -> handle.execute("""
                create table if not exists recap_outputs (
                  job_id     uuid        not null,
                  decade     int         not null,
                  title      text        not null,
                  recap      text        not null,
                  token      bigint      not null,
                  holder     text        not null,
                  entry      text,
                  written_at timestamptz not null default now()
                )"""));
    }

    /**
     * The last stage: the row and the checkpoint are one commit. If the lease was lost, neither is written.
     *
     * @param job at its last stage
     * @param handle in a transaction
     * @return done
     */
    public static Outcome<Void> persist(Attempt<Recap.Request> job, Handle handle) {
        Brief brief = job.result(Recap.DISPATCH);
        handle.createUpdate("""
                        insert into recap_outputs (job_id, decade, title, recap, token, holder)
                        values (:job, :decade, :title, :recap, :token, :holder)""")
                .bind("job", job.id().uuid())
                .bind("decade", job.payload().decade())
                .bind("title", brief.title())
                .bind("recap", brief.text())
                .bind("token", job.token().value())
                .bind("holder", job.lease().holder())
                .execute();
        return done();
    }

    private RecapOutputs() {}
}
