package dev.pawl.testkit.network;

import dev.pawl.Actor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import java.time.Duration;
import java.util.function.BiConsumer;

/** What an application asks of Pawl by hand: each is one transaction of Pawl's own. */
@SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing are immutable
enum Operation {
    ENQUEUE(
            3,
            "enqueue 1 job",
            "insert into",
            (pawl, job) -> pawl.jobs()
                    .enqueue(NewJob.of(ConnectionLostTest.MAIL, "second").id(ConnectionLostTest.SECOND))),
    ENQUEUE_WITH_A_KEY(
            3,
            "enqueue 1 job",
            "insert into",
            (pawl, job) -> pawl.jobs()
                    .enqueue(NewJob.of(ConnectionLostTest.MAIL, "second").key("second"))),
    CLAIM(
            1,
            "claim jobs of queue mail",
            Sql.CLAIM,
            (pawl, job) -> pawl.jobs().claim(ConnectionLostTest.MAIL, 1, Duration.ofMinutes(1))),
    CHECKPOINT(
            1, "write to 1 job", Sql.CHECKPOINT, (pawl, job) -> job.checkpoint(ConnectionLostTest.WRITE, "Dear Ann")),
    RENEW(1, "write to 1 job", Sql.RENEWAL, (pawl, job) -> job.renew()),
    FAIL(
            1,
            "write to 1 job",
            Sql.DECISION,
            (pawl, job) -> job.fail(new IllegalStateException("ink"), RetryPolicy.never())),
    RELEASE(1, "write to 1 job", Sql.DECISION, (pawl, job) -> job.release()),
    CANCEL(1, "write to 1 job", Sql.DECISION, (pawl, job) -> pawl.jobs().cancel(job.id(), Actor.user("ann"))),
    FIND(1, "read mail/", "stage_names", (pawl, job) -> pawl.jobs().find(job.id()));

    private final int tries;
    private final String words;
    private final String statement;
    private final BiConsumer<JdbiPawl, ClaimedJob<String>> call;

    Operation(int tries, String words, String statement, BiConsumer<JdbiPawl, ClaimedJob<String>> call) {
        this.tries = tries;
        this.words = words;
        this.statement = statement;
        this.call = call;
    }

    /** How often Pawl itself asks again when an answer is lost, the first time included. */
    int tries() {
        return tries;
    }

    /** As messages name it. */
    String words() {
        return words;
    }

    /** A part of the text of its statement. */
    String statement() {
        return statement;
    }

    void call(JdbiPawl pawl, ClaimedJob<String> job) {
        call.accept(pawl, job);
    }
}
