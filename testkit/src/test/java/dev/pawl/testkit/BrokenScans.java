package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Scans that break a rule of who walks, of what is durable, or of transactions, each one thing only. */
final class BrokenScans {
    private BrokenScans() {}

    /** What a store makes of a write, in the place of {@link ScanWrite#on}. */
    @FunctionalInterface
    interface Decision {
        ScanTransition on(ScanWrite write, Optional<ScanState> scan, Instant now);
    }

    /** A store of jobs, beside which scans decide in this way. */
    static Supplier<InMemoryJobStore> deciding(Decision decision) {
        return beside((transactions, time) -> new Deciding(transactions, time, decision));
    }

    /** A store of jobs, beside which the scans are these. */
    static Supplier<InMemoryJobStore> beside(BiFunction<OpenTransactions, ManualTime, InMemoryScanStore> scans) {
        return () -> new InMemoryJobStore(new ManualTime(), scans);
    }

    private static final class Deciding extends InMemoryScanStore {
        private final Decision decision;

        Deciding(OpenTransactions transactions, ManualTime time, Decision decision) {
            super(transactions, time);
            this.decision = decision;
        }

        @Override
        ScanTransition decide(ScanWrite write, Optional<ScanState> scan, Instant now) {
            return decision.on(write, scan, now);
        }
    }

    /** S1: whoever comes may write. */
    static ScanTransition forgetsTheFence(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return byItsHolder(write, scan).on(scan, now);
    }

    /** S1: a number is all that is asked for. */
    static ScanTransition guardsByTokenOnly(ScanWrite write, Optional<ScanState> scan, Instant now) {
        boolean same = write instanceof ScanWrite.Fenced fenced
                && scan.filter(state -> state.token().equals(fenced.fence().token()))
                        .isPresent();
        return (same ? byItsHolder(write, scan) : write).on(scan, now);
    }

    /** S1: a name is all that is asked for. */
    static ScanTransition guardsByHolderOnly(ScanWrite write, Optional<ScanState> scan, Instant now) {
        boolean same = write instanceof ScanWrite.Fenced fenced
                && scan.flatMap(ScanState::holder)
                        .equals(Optional.of(fenced.fence().holder()));
        return (same ? byItsHolder(write, scan) : write).on(scan, now);
    }

    private static ScanWrite byItsHolder(ScanWrite write, Optional<ScanState> scan) {
        return write instanceof ScanWrite.Fenced fenced && scan.isPresent()
                ? ScanStates.by(
                        fenced,
                        new Fence(
                                scan.get().token(),
                                scan.get().holder().orElse(fenced.fence().holder())),
                        fenced.step())
                : write;
    }

    /** S1: who was replaced takes the scan back. */
    static ScanTransition letsTheLateOpen(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open open
                ? write.on(scan.map(state -> ScanStates.held(state, open.fence().token(), Optional.empty())), now)
                : write.on(scan, now);
    }

    /** S1: the first lap is none. */
    static ScanTransition countsLapsFromTwo(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return scan.isEmpty()
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.lap(state, Lap.next(2)))
                : write.on(scan, now);
    }

    /** S1: what was never there has been given back. */
    static ScanTransition takesMissingForReleased(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return scan.isEmpty() && !(write instanceof ScanWrite.Open)
                ? new ScanTransition.Refused(new Refusal.Released(now))
                : write.on(scan, now);
    }

    /** S1: names are cut. */
    static final class CutsNames extends InMemoryScanStore {
        CutsNames(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        Optional<ScanState> lookUp(String scan) {
            return super.lookUp(scan.replaceAll("\\.[ab]$", ""));
        }
    }

    /** S5: its own commit, whatever the caller's is to be. */
    static final class CommitsAtOnce extends InMemoryScanStore {
        CommitsAtOnce(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        Optional<Uncommitted> transaction() {
            return Optional.empty();
        }
    }

    /** S5: a lock keeps nobody out. */
    static final class IgnoresLocks extends InMemoryScanStore {
        IgnoresLocks(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        boolean isLocked(String scan) {
            return false;
        }
    }

    /** S6: a repeat is as good as the first time, also where the caller's rows would be written twice. */
    static final class RepeatsInTransactions extends InMemoryScanStore {
        RepeatsInTransactions(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        ScanAnswer repeated(ScanWrite write, ScanState scan, Instant now) {
            return new ScanAnswer.Done(scan, now, true);
        }
    }

    /** S6: the cursor is kept in memory. */
    static final class ForgetsTheCursor extends InMemoryScanStore {
        ForgetsTheCursor(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        ScanState recovered(ScanState scan) {
            return ScanStates.cursor(scan, Optional.empty());
        }
    }

    /** S6: what was written before is refused, as if it had not been. */
    static ScanTransition knowsNoRepeats(ScanWrite write, Optional<ScanState> scan, Instant now) {
        ScanTransition transition = write.on(scan, now);
        return transition instanceof ScanTransition.Repeated && write instanceof ScanWrite.Fenced
                ? new ScanTransition.Refused(new Refusal.Conflict("done before"))
                : transition;
    }

    /** S6: a late write is taken for one of now. */
    static ScanTransition forgetsTheStep(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Fenced fenced && scan.isPresent()
                ? ScanStates.by(fenced, fenced.fence(), scan.get().step()).on(scan, now)
                : write.on(scan, now);
    }

    /** S6: a successor starts anew. */
    static ScanTransition startsOverOnOpen(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.cursor(state, Optional.empty()))
                : write.on(scan, now);
    }

    /** L5: a scan keeps times that no database does. */
    static ScanTransition timesByTheNanosecond(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Fail fail
                ? BrokenLaps.page(
                        write.on(scan, now),
                        page -> ScanStates.page(page, page.attempts(), page.since(), now.plus(fail.retryIn())))
                : write.on(scan, now);
    }

    /** J11: a key is kept as what it means. */
    static ScanTransition tidiesKeys(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return ScanStates.after(
                write.on(scan, now),
                state -> ScanStates.cursor(
                        state,
                        state.lap().cursor().map(key -> Json.of(key.text().replace(" ", "")))));
    }

    /** S7: nobody learns who decided it. */
    static final class ForgetsWhoSkipped extends InMemoryScanStore {
        ForgetsWhoSkipped(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        void record(SkippedPage page) {
            super.record(new SkippedPage(page.page(), Actor.SYSTEM, page.at()));
        }
    }

    /** S7: the oldest are told, and the latest are not. */
    static final class TellsTheOldestSkips extends InMemoryScanStore {
        TellsTheOldestSkips(OpenTransactions transactions, ManualTime time) {
            super(transactions, time);
        }

        @Override
        List<SkippedPage> latest(List<SkippedPage> latestFirst, int max) {
            return latestFirst.subList(Math.max(0, latestFirst.size() - max), latestFirst.size());
        }
    }
}
