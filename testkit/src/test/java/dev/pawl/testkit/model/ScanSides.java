package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.testkit.TestTime;
import dev.pawl.testkit.contract.OpenTransaction;
import dev.pawl.testkit.model.ScanStep.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Lets a history happen to the scans of two stores, and compares each answer and each row. */
final class ScanSides {
    private static final String KEYSET = "rank integer asc nulls last, id bigint asc nulls last";
    private static final String OTHER = "id bigint desc nulls first";

    private final ScanStore memory;
    private final ScanStore postgres;
    private final Supplier<OpenTransaction> inMemory;
    private final Supplier<OpenTransaction> onPostgres;
    private final TestTime time;
    private final String prefix = "s-" + UUID.randomUUID();
    private final List<Walker> walkers = new ArrayList<>();
    private final List<FailedPage> failed = new ArrayList<>();
    private final LongSupplier tokens;
    private long last;

    /** Who opened a scan, or tried to. */
    private record Walker(String scan, Fence fence, String keyset) {}

    ScanSides(
            ScanStore memory,
            ScanStore postgres,
            Supplier<OpenTransaction> inMemory,
            Supplier<OpenTransaction> onPostgres,
            TestTime time,
            LongSupplier tokens) {
        this.memory = memory;
        this.postgres = postgres;
        this.inMemory = inMemory;
        this.onPostgres = onPostgres;
        this.time = time;
        this.tokens = tokens;
    }

    void run(List<ScanStep> steps) throws Exception {
        for (ScanStep step : steps) {
            if (step instanceof ScanStep.Open open) {
                open(open);
            } else if (step instanceof ScanStep.Write write) {
                Optional<ScanWrite> toWrite = toWrite(write.act());
                for (int i = write.answerLost() ? 2 : 1; i > 0 && toWrite.isPresent(); i--) {
                    both(toWrite.get(), memory, postgres);
                }
            } else if (step instanceof ScanStep.InTransaction in) {
                inTransaction(in);
            } else if (step instanceof ScanStep.Advance advance) {
                time.advance(Duration.ofNanos(advance.nanos()));
            }
            compare(step);
        }
    }

    private void open(ScanStep.Open open) {
        String keyset = switch (open.keys()) {
            case THESE -> KEYSET;
            case OTHERS -> OTHER;
            case UNREAD -> ScanWrite.Open.UNREAD;
        };
        if (open.back() == 0 || last == 0) {
            last = tokens.getAsLong();
        }
        long token = Math.max(1, last - open.back());
        Walker walker = new Walker(
                prefix + "." + open.scan(), new Fence(new FencingToken(token), "walker#" + walkers.size()), keyset);
        walkers.add(walker);
        both(new ScanWrite.Open(walker.scan(), walker.fence(), keyset, open.startOver()), memory, postgres);
    }

    private void inTransaction(ScanStep.InTransaction step) throws Exception {
        List<ScanWrite> writes = step.acts().stream()
                .map(this::toWrite)
                .flatMap(Optional::stream)
                .toList();
        Optional<ScanWrite> beside = toWrite(step.beside());
        try (OpenTransaction one = inMemory.get();
                OpenTransaction other = onPostgres.get()) {
            boolean goesOn = true;
            for (int i = 0; i < writes.size() && goesOn; i++) {
                goesOn = both(
                                writes.get(i),
                                one.scans().orElseThrow(),
                                other.scans().orElseThrow())
                        instanceof ScanAnswer.Done;
            }
            if (!writes.isEmpty() && beside.isPresent()) {
                both(beside.get(), memory, postgres);
            }
            if (step.commits()) {
                Throwable thrown = catchThrowable(one::commit);
                assertThat(catchThrowable(other::commit) == null)
                        .as("whether the commit of %s succeeds", step)
                        .isEqualTo(thrown == null);
            }
        }
    }

    private ScanAnswer both(ScanWrite write, ScanStore one, ScanStore other) {
        ScanAnswer answer = one.write(write);
        assertThat(other.write(write)).as("%s", write).isEqualTo(answer);
        if (answer instanceof ScanAnswer.Done done) {
            done.scan().failed().ifPresent(failed::add);
        }
        return answer;
    }

    private void compare(ScanStep step) {
        for (String scan : List.of(prefix + ".0", prefix + ".1")) {
            assertThat(postgres.find(scan)).as("%s after %s", scan, step).isEqualTo(memory.find(scan));
            assertThat(postgres.skipped(scan, 3))
                    .as("skipped of %s after %s", scan, step)
                    .isEqualTo(memory.skipped(scan, 3));
        }
        assertThat(own(postgres)).as("all after %s", step).isEqualTo(own(memory));
    }

    private List<ScanState> own(ScanStore store) {
        return store.all().stream()
                .filter(scan -> scan.name().startsWith(prefix))
                .toList();
    }

    /** Empty if there is nobody yet to do it. */
    private Optional<ScanWrite> toWrite(Act act) {
        if (walkers.isEmpty()) {
            return Optional.empty();
        }
        Walker walker = walker(act);
        String scan = walker.scan();
        Fence fence = walker.fence();
        Optional<ScanState> state = memory.find(scan).map(ScanStore.Seen::scan);
        long step = Math.max(0, state.map(ScanState::step).orElse(0L) + act.shift());
        return Optional.of(
                switch (act.kind()) {
                    case REOPEN -> new ScanWrite.Open(scan, fence, walker.keyset(), act.variant() == 0);
                    case BEGIN ->
                        new ScanWrite.Begin(
                                scan,
                                fence,
                                step,
                                Optional.of(key(900 + act.variant())),
                                act.variant() > 3 ? Optional.empty() : state.flatMap(ScanState::nudgedAt));
                    case BEGIN_EMPTY ->
                        new ScanWrite.Begin(scan, fence, step, Optional.empty(), state.flatMap(ScanState::nudgedAt));
                    case MOVE ->
                        new ScanWrite.Move(scan, fence, step, Optional.of(key(act.walker())), 1 + act.variant(), true);
                    case WRAP ->
                        new ScanWrite.Move(scan, fence, step, Optional.of(key(act.walker())), 1 + act.variant(), false);
                    case WRAP_EMPTY -> new ScanWrite.Move(scan, fence, step, Optional.empty(), 0, false);
                    case FAIL ->
                        fail(
                                walker,
                                step,
                                Optional.of(new FailedPage.Bounds(
                                        key(act.variant()), 1 + act.variant(), act.variant() > 1)),
                                act);
                    case FAIL_UNREAD -> fail(walker, step, Optional.empty(), act);
                    case SKIP, SKIP_OLDER -> skip(act, scan, state);
                    case NUDGE -> new ScanWrite.Nudge(scan);
                });
    }

    /** Mostly the one that has its scan. */
    private Walker walker(Act act) {
        List<Walker> current = walkers.stream()
                .filter(walker -> memory.find(walker.scan())
                        .filter(seen -> seen.scan().isHeldBy(walker.fence()))
                        .isPresent())
                .toList();
        List<Walker> from = act.walker() % 4 == 0 || current.isEmpty()
                ? walkers.subList(Math.max(0, walkers.size() - 5), walkers.size())
                : current;
        return from.get(act.walker() / 4 % from.size());
    }

    private static ScanWrite fail(Walker walker, long step, Optional<FailedPage.Bounds> bounds, Act act) {
        ErrorInfo error = act.variant() % 2 == 0
                ? ErrorInfo.of("no \u0000 summary")
                : ErrorInfo.of(new IllegalStateException("no summary"));
        return new ScanWrite.Fail(
                walker.scan(),
                walker.fence(),
                step,
                bounds,
                error,
                Duration.ofNanos(1_000_000_999L * act.variant()),
                act.variant() > 3);
    }

    /** The page that failed now, or one that failed before; a nudge where there is none. */
    private ScanWrite skip(Act act, String scan, Optional<ScanState> state) {
        Actor by = act.variant() % 2 == 0 ? Actor.SYSTEM : Actor.user("ann");
        Optional<FailedPage> now = state.flatMap(ScanState::failed);
        List<FailedPage> before = act.kind() == ScanStep.Kind.SKIP
                ? now.stream().toList()
                : Stream.concat(failed.stream(), now.stream())
                        .filter(page -> page.scan().equals(scan))
                        .toList();
        return before.isEmpty()
                ? new ScanWrite.Nudge(scan)
                : new ScanWrite.Skip(before.get(act.walker() % before.size()), by);
    }

    private static Json key(int value) {
        return Json.of("[ " + value + ",\"\\u0000\"]");
    }

    /** For the message: who there was at the end. */
    @Override
    public String toString() {
        return prefix + ": " + walkers;
    }
}
