package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stores that break a rule of transactions or of crashes, each one thing only. */
final class BrokenTransactions {
    private BrokenTransactions() {}

    /** L6: a claim takes rows that a transaction has locked. */
    static final class ClaimsLockedRows extends InMemoryJobStore {
        @Override
        boolean isSteppedOver(JobId id) {
            return false;
        }
    }

    /** L6, L7: a lock keeps nobody out. */
    static final class IgnoresLocks extends InMemoryJobStore {
        @Override
        boolean isLocked(JobId id) {
            return false;
        }
    }

    /** L7: no row to be had means no row. */
    static final class TakesBusyForMissing extends InMemoryJobStore {
        @Override
        Answer whileLocked(JobWrite write, JobState committed) {
            return new Answer.Refused(new Refusal.Missing());
        }
    }

    /** L7: a zombie is kept waiting for what it has lost for good. */
    static final class KeepsTheLostWaiting extends InMemoryJobStore {
        @Override
        Answer whileLocked(JobWrite write, JobState committed) {
            return new Answer.Busy();
        }
    }

    /** J8: the answer goes out before the log does. */
    static final class AnswersBeforeItIsDurable extends InMemoryJobStore {
        private final Map<JobId, JobRow> durable = new HashMap<>();

        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            durable.put(row.state().id(), row);
            return super.afterWrite(row, write, next, now);
        }

        @Override
        JobRow recovered(JobRow row) {
            return durable.getOrDefault(row.state().id(), row);
        }
    }

    /** J8: what was not committed comes back. */
    static final class KeepsTransactionsOpen extends InMemoryJobStore {
        @Override
        void crash() {}
    }

    /** J8: tokens are counted in memory. */
    static final class CountsTokensInMemory extends InMemoryJobStore {
        private long last;

        @Override
        FencingToken nextToken(JobState job, String holder) {
            long known = job.token().map(FencingToken::value).orElse(0L);
            last = Math.max(last, known) + 1;
            return new FencingToken(last);
        }

        @Override
        void crash() {
            super.crash();
            last = 0;
        }
    }

    /** J9: two transactions that don't see each other enqueue the same key. */
    static final class EnqueuesBesideAnOpenKey extends InMemoryJobStore {
        @Override
        void refuseIfOpenElsewhere(NewRow job) {}
    }

    /** J2: a repeat is as good as the first time, also where the caller's rows would be written twice. */
    static final class RepeatsInTransactions extends InMemoryJobStore {
        @Override
        Answer answer(JobWrite write, Transition transition) {
            return transaction().isPresent() && transition instanceof Transition.Repeated repeated
                    ? new Answer.Done(repeated.job())
                    : super.answer(write, transition);
        }
    }

    /** J10: its own commit, whatever the caller's is to be. */
    static final class CommitsAtOnce extends InMemoryJobStore {
        @Override
        Optional<Uncommitted> transaction() {
            return Optional.empty();
        }
    }

    /** J10: a refusal that is swallowed is forgotten. */
    static final class CommitsAfterARefusal extends InMemoryJobStore {
        @Override
        Optional<String> poisonOf(Uncommitted transaction) {
            return Optional.empty();
        }
    }

    /** J10: the commit is for the caller's rows alone. */
    static final class DropsWhatIsCommitted extends InMemoryJobStore {
        @Override
        void commit(Uncommitted transaction) {
            transaction.rows().clear();
            super.commit(transaction);
        }
    }
}
