package dev.pawl.testkit;

import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The scans of an {@link InMemoryJobStore}: the pure transitions of {@link ScanWrite}, a map and a lock. It lives by that store's
 * time, and takes part in its transactions: what one of them has written is locked for others, who are told that it is busy.
 *
 * <p>Safe for use by many threads.
 */
public class InMemoryScanStore implements ScanStore {
    private final Map<String, ScanState> scans = new TreeMap<>();
    private final List<SkippedPage> skipped = new ArrayList<>();
    private final OpenTransactions transactions;
    private final ManualTime time;

    /** Each of the methods that are not private is a step of its own, so that a test can break just that one. */
    InMemoryScanStore(OpenTransactions transactions, ManualTime time) {
        this.transactions = transactions;
        this.time = time;
        time.looksAheadAt(this::nextTry);
    }

    @Override
    public final ScanAnswer write(ScanWrite write) {
        synchronized (transactions.mutex()) {
            ScanAnswer answer = isBusy(write) ? new ScanAnswer.Busy() : unlocked(write, time.now());
            transaction().ifPresent(open -> takePart(open, write, answer));
            return answer;
        }
    }

    /** One that another transaction has created is there for nobody yet, but can't be created either. */
    private boolean isBusy(ScanWrite write) {
        return isLocked(write.scan())
                && (write instanceof ScanWrite.Open || lookUp(write.scan()).isPresent());
    }

    private ScanAnswer unlocked(ScanWrite write, Instant now) {
        ScanTransition transition = decide(write, lookUp(write.scan()), now);
        if (transition instanceof ScanTransition.Moved moved) {
            put(moved);
            return new ScanAnswer.Done(moved.scan(), now, false);
        }
        if (transition instanceof ScanTransition.Repeated repeated) {
            return repeated(write, repeated.scan(), now);
        }
        return new ScanAnswer.Refused(((ScanTransition.Refused) transition).refusal());
    }

    private void takePart(Uncommitted open, ScanWrite write, ScanAnswer answer) {
        if (lookUp(write.scan()).isPresent()) {
            open.lockScan(write.scan());
        }
        if (answer instanceof ScanAnswer.Refused refused) {
            open.poison("scan " + write.scan() + ": " + refused.refusal().describe());
        } else if (answer instanceof ScanAnswer.Busy) {
            open.poison("scan " + write.scan() + " is busy");
        }
    }

    @Override
    public final Optional<Seen> find(String scan) {
        synchronized (transactions.mutex()) {
            return lookUp(scan).map(state -> new Seen(state, time.now()));
        }
    }

    @Override
    public final List<ScanState> all() {
        synchronized (transactions.mutex()) {
            Map<String, ScanState> seen = new TreeMap<>();
            seen.putAll(scans);
            transaction().ifPresent(open -> seen.putAll(open.scans()));
            return List.copyOf(seen.values());
        }
    }

    @Override
    public final List<SkippedPage> skipped(String scan, int max) {
        synchronized (transactions.mutex()) {
            List<SkippedPage> seen = new ArrayList<>(skipped);
            transaction().ifPresent(open -> seen.addAll(open.skippedPages()));
            seen.removeIf(page -> !page.page().scan().equals(scan));
            Collections.reverse(seen);
            return List.copyOf(latest(seen, max));
        }
    }

    // ---- what the store of jobs calls, under the lock ----

    final void commit(Uncommitted transaction) {
        scans.putAll(transaction.scans());
        skipped.addAll(transaction.skippedPages());
    }

    final void crash() {
        scans.replaceAll((name, scan) -> recovered(scan));
    }

    // ---- the steps ----

    ScanTransition decide(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write.on(scan, now);
    }

    /** In a transaction the caller's rows of the first time stand, and these must not. */
    ScanAnswer repeated(ScanWrite write, ScanState scan, Instant now) {
        return transaction().isPresent() && write instanceof ScanWrite.Fenced
                ? new ScanAnswer.Refused(new Refusal.AlreadyDone())
                : new ScanAnswer.Done(scan, now, true);
    }

    void put(ScanTransition.Moved moved) {
        ScanState scan = moved.scan();
        transaction().ifPresentOrElse(open -> open.put(scan), () -> scans.put(scan.name(), scan));
        moved.skipped().ifPresent(this::record);
    }

    void record(SkippedPage page) {
        transaction().ifPresentOrElse(open -> open.skippedPages().add(page), () -> skipped.add(page));
    }

    List<SkippedPage> latest(List<SkippedPage> latestFirst, int max) {
        return latestFirst.subList(0, Math.min(max, latestFirst.size()));
    }

    /** By an open transaction, other than the one at work. */
    boolean isLocked(String scan) {
        return transactions.isScanLockedByAnother(scan);
    }

    /** The one at work. */
    Optional<Uncommitted> transaction() {
        return transactions.atWork();
    }

    Optional<ScanState> lookUp(String scan) {
        return transaction()
                .flatMap(open -> Optional.ofNullable(open.scans().get(scan)))
                .or(() -> Optional.ofNullable(scans.get(scan)));
    }

    /** What is left of a scan by a crash: all of it. */
    ScanState recovered(ScanState scan) {
        return scan;
    }

    private Optional<Instant> nextTry(Instant now) {
        synchronized (transactions.mutex()) {
            return scans.values().stream()
                    .flatMap(scan -> scan.failed().stream())
                    .map(FailedPage::retryAt)
                    .filter(now::isBefore)
                    .min(Comparator.naturalOrder());
        }
    }
}
