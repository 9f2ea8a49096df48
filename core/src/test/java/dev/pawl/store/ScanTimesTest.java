package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That a walker who has lost his scan is told since when. */
class ScanTimesTest {
    private static final Fence ANN = new Fence(new FencingToken(1), "ann#1");
    private static final Fence BOB = new Fence(new FencingToken(2), "bob#1");
    private static final Instant OPENED = Instant.parse("2026-02-16T06:00:00Z");
    private static final Instant LATER = OPENED.plusSeconds(1);
    private static final Instant MUCH_LATER = OPENED.plusSeconds(60);

    private static ScanState moved(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return ((ScanTransition.Moved) write.on(scan, now)).scan();
    }

    private static Refusal refused(ScanWrite write, ScanState scan) {
        return ((ScanTransition.Refused) write.on(Optional.of(scan), MUCH_LATER)).refusal();
    }

    private static ScanWrite open(Fence fence) {
        return new ScanWrite.Open("articles", fence, "id", false);
    }

    private static ScanWrite.Begin begin(Fence fence, ScanState scan) {
        return new ScanWrite.Begin("articles", fence, scan.step(), Optional.of(Json.of("[9]")), Optional.empty());
    }

    @Test
    void one_who_was_superseded_is_told_when() {
        ScanState anns = moved(open(ANN), Optional.empty(), OPENED);
        ScanState bobs = moved(open(BOB), Optional.of(anns), LATER);
        Refusal superseded = new Refusal.Superseded(BOB.token(), Optional.of(BOB.holder()), LATER);

        assertThat(refused(begin(ANN, anns), bobs)).isEqualTo(superseded);
        assertThat(refused(open(ANN), bobs)).isEqualTo(superseded);
        ScanState begun = moved(begin(BOB, bobs), Optional.of(bobs), LATER.plusSeconds(1));
        assertThat(refused(begin(ANN, anns), begun))
                .as("the same for all that is written since")
                .isEqualTo(superseded);
    }

    @Test
    void one_who_opens_it_again_has_it_since_the_first_time() {
        ScanState anns = moved(open(ANN), Optional.empty(), OPENED);

        assertThat(moved(open(ANN), Optional.of(anns), LATER).since()).isEqualTo(OPENED);
    }

    @Test
    void one_whose_page_was_stepped_over_is_told_when() {
        ScanState opened = moved(open(ANN), Optional.empty(), OPENED);
        ScanState begun = moved(begin(ANN, opened), Optional.of(opened), OPENED);
        ScanWrite.Fail fail = new ScanWrite.Fail(
                "articles",
                ANN,
                begun.step(),
                Optional.of(new FailedPage.Bounds(Json.of("[3]"), 3, true)),
                ErrorInfo.of("no"),
                Duration.ZERO,
                false);
        ScanState failed = moved(fail, Optional.of(begun), OPENED);
        ScanState skipped =
                moved(new ScanWrite.Skip(failed.failed().orElseThrow(), Actor.user("ann")), Optional.of(failed), LATER);

        assertThat(refused(fail, skipped)).isEqualTo(new Refusal.Released(LATER));
    }
}
