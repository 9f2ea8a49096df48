package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import java.util.List;
import java.util.Optional;

/** What the tests of scans say with: how a scan comes to be opened, walked, taken over; what a write did, or did not. */
interface ScanScene extends Scene {
    Optional<ScanStore> scans();

    Optional<ScannedRows> rows();

    /** Of this test alone. */
    default String scan() {
        return queue();
    }

    default ScanStore scanStore() {
        Optional<ScanStore> store = scans();
        assumeTrue(store.isPresent(), "there are no scans beside the store under test");
        return store.get();
    }

    // ---- walk ----

    /** A walker whose lease is the latest, and which has opened the scan. */
    default Walker opened() {
        Walker walker = walker();
        return walker.at(done(walker.open()).step());
    }

    /** One whose lease is the latest: by a token that the store issued, which a store that is right makes the highest. */
    default Walker walker() {
        String holder = holder("walker-1");
        long last = scanStore()
                .find(scan())
                .map(seen -> seen.scan().token().value())
                .orElse(0L);
        long drawn = leases().acquire(scan() + " by " + holder, holder, LENGTH)
                .map(lease -> lease.token().value())
                .orElse(0L);
        return new Walker(scan(), new Fence(new FencingToken(Math.max(last + 1, drawn)), holder), 0);
    }

    /** A walker at the beginning of a lap. */
    default Walker walking() {
        Walker walker = opened();
        return after(walker, walker.begin());
    }

    /** A walker with its cursor at a key. */
    default Walker walkedTo(Json key) {
        Walker walker = walking();
        return after(walker, walker.move(key));
    }

    /** The walker at the step to which its write led. */
    default Walker after(Walker walker, ScanWrite write) {
        return walker.at(done(write).step());
    }

    /** The next page of the lap that is under way, which is not handled yet. */
    default <T> Slice<T> page(RowSource<T> rows) {
        return rows.slice(state().lap().cursor(), state().lap().end().orElseThrow());
    }

    /** Moves the cursor beyond a page. */
    default <T> void handled(Slice<T> page) {
        Walker walker = holding();
        done(new ScanWrite.Move(
                scan(), walker.fence(), walker.step(), page.last(), page.rows().size(), page.hasSuccessor()));
    }

    /** The walker that has the scan. */
    default Walker holding() {
        ScanState state = state();
        return new Walker(scan(), new Fence(state.token(), state.holder().orElseThrow()), state.step());
    }

    // ---- write ----

    default ScanAnswer write(ScanWrite write) {
        return scanStore().write(write);
    }

    /** A write that is done, and whose answer is the scan as it is to be read now. */
    default ScanState done(ScanWrite write) {
        ScanAnswer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(ScanAnswer.Done.class);
        ScanAnswer.Done done = (ScanAnswer.Done) answer;
        assertThat(done.repeated()).as("whether %s is a repeat", write).isFalse();
        assertThat(done.at()).as("time of %s", write).isEqualTo(time().now());
        assertThat(scanStore().find(write.scan()))
                .as("the scan after %s", write)
                .contains(new ScanStore.Seen(done.scan(), time().now()));
        return done.scan();
    }

    /** A write that is told to have been done before, and that changes nothing. */
    default void repeated(ScanWrite write) {
        WholeScan before = wholeScan();
        ScanAnswer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(ScanAnswer.Done.class);
        assertThat(((ScanAnswer.Done) answer).repeated())
                .as("whether %s is a repeat", write)
                .isTrue();
        assertThat(wholeScan()).as("the scan after %s", write).isEqualTo(before);
        assertThat(((ScanAnswer.Done) answer).scan()).isEqualTo(state());
    }

    /** A write that is refused, and that changes nothing. */
    default Refusal refused(ScanWrite write) {
        WholeScan before = wholeScan();
        ScanAnswer answer = write(write);
        assertThat(answer).as("%s", write).isInstanceOf(ScanAnswer.Refused.class);
        assertThat(wholeScan()).as("the scan after %s", write).isEqualTo(before);
        return ((ScanAnswer.Refused) answer).refusal();
    }

    default Refusal.Reason reason(ScanWrite write) {
        return refused(write).reason();
    }

    default ScanWrite skip(FailedPage page) {
        return new ScanWrite.Skip(page, ANN);
    }

    default ScanWrite nudge() {
        return new ScanWrite.Nudge(scan());
    }

    // ---- read ----

    default ScanState state() {
        return scanStore()
                .find(scan())
                .orElseThrow(() -> new AssertionError("there is no scan " + scan()))
                .scan();
    }

    default FailedPage failedPage() {
        return state().failed().orElseThrow(() -> new AssertionError("no page has failed of " + state()));
    }

    default List<SkippedPage> skipped() {
        return scanStore().skipped(scan(), 100);
    }

    default WholeScan wholeScan() {
        return WholeScan.of(scanStore(), scan());
    }

    /** All that a store tells of a scan, but for the time of the reading. */
    record WholeScan(Optional<ScanState> scan, List<SkippedPage> skipped) {
        static WholeScan of(ScanStore store, String scan) {
            return new WholeScan(store.find(scan).map(ScanStore.Seen::scan), store.skipped(scan, 100));
        }
    }
}
