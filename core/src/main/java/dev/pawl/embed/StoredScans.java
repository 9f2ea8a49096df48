package dev.pawl.embed;

import dev.pawl.Actor;
import dev.pawl.internal.Checks;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Scans;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.worker.ScanSettings;
import dev.pawl.worker.WorkerContext;
import java.util.List;
import java.util.Optional;

/** {@link Scans} over a store. */
final class StoredScans implements Scans {
    private static final int MOST_SKIPPED = 100;

    private final WorkerContext context;

    StoredScans(WorkerContext context) {
        this.context = context;
    }

    @Override
    public List<ScanState> all() {
        return scans().all();
    }

    @Override
    public Optional<ScanState> find(String name) {
        return scans().find(Checks.name("scan", name)).map(ScanStore.Seen::scan);
    }

    @Override
    public boolean nudge(String name) {
        Checks.name("scan", name);
        ScanAnswer answer = written(new ScanWrite.Nudge(name));
        context.wakeups().wake(ScanSettings.of(name).leaseName());
        return answer instanceof ScanAnswer.Done;
    }

    @Override
    public void skip(FailedPage page, Actor by) {
        ScanWrite.Skip skip = new ScanWrite.Skip(page, by);
        ScanAnswer answer = written(skip);
        if (answer instanceof ScanAnswer.Refused refused && !isDone(skip)) {
            Refusal refusal = refused.refusal();
            throw new RefusedException("skip of " + page + " " + refusal.describe(), refusal);
        }
        context.wakeups().wake(ScanSettings.of(page.scan()).leaseName());
    }

    /** By a call whose answer was lost: the record tells, also where a walker has gone on since. */
    private boolean isDone(ScanWrite.Skip skip) {
        FailedPage page = skip.page();
        return scans().skipped(page.scan(), MOST_SKIPPED).stream()
                .anyMatch(skipped -> skipped.by().equals(skip.by())
                        && skipped.page().step() == page.step()
                        && skipped.page().lap() == page.lap()
                        && skipped.page().bounds().equals(page.bounds()));
    }

    @Override
    public List<SkippedPage> skipped(String name) {
        return scans().skipped(Checks.name("scan", name), MOST_SKIPPED);
    }

    private ScanAnswer written(ScanWrite write) {
        context.checkOpen();
        ScanAnswer answer = context.repeatedScans().write(write);
        if (answer instanceof ScanAnswer.Busy) {
            throw new BusyException("scan " + write.scan());
        }
        return answer;
    }

    private ScanStore scans() {
        context.checkOpen();
        return context.scans();
    }
}
