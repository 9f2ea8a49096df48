package dev.pawl.testkit;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.AuditStore;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Stores whose named leases break a rule, each one thing only. */
final class BrokenNamedLeases {
    private BrokenNamedLeases() {}

    /** Jobs as they should be, and leases that are not. */
    private static final class With extends InMemoryJobStore {
        private static final ThreadLocal<BiFunction<TestTime, Supplier<FencingToken>, InMemoryLeaseStore>> NEXT =
                new ThreadLocal<>();

        @Override
        InMemoryLeaseStore leases(TestTime shared) {
            return NEXT.get().apply(shared, this::drawToken);
        }
    }

    /** Its leases are made while it is. */
    static InMemoryJobStore with(BiFunction<TestTime, Supplier<FencingToken>, InMemoryLeaseStore> leases) {
        With.NEXT.set(leases);
        try {
            return new With();
        } finally {
            With.NEXT.remove();
        }
    }

    /** L1: a name is free, whoever has it. */
    static final class AcquiresWhatIsHeld extends InMemoryLeaseStore {
        AcquiresWhatIsHeld(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isFree(LeaseState row, Instant now) {
            return true;
        }
    }

    /** A4: audits in every process. */
    static final class AuditsEverywhere extends InMemoryLeaseStore {
        AuditsEverywhere(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isFree(LeaseState row, Instant now) {
            return row.name().equals(AuditStore.LEASE) || super.isFree(row, now);
        }
    }

    /** L2: each name counts for itself, as long as it is there. */
    static final class CountsByName extends InMemoryLeaseStore {
        CountsByName(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        FencingToken nextToken(LeaseState row) {
            return new FencingToken(row.token().map(FencingToken::value).orElse(0L) + 1);
        }
    }

    /** L2: the token goes with the holder. */
    static final class ForgetsTheTokenOfAName extends InMemoryLeaseStore {
        ForgetsTheTokenOfAName(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState released(LeaseState row, Duration rest, Instant now) {
            LeaseState free = super.released(row, rest, now);
            return new LeaseState(free.name(), Optional.empty(), free.holder(), free.takenUntil(), free.since());
        }
    }

    /** L2: drawn before the row was looked at: a call that was overtaken puts a lower token on the row. */
    static final class DrawsBeforeItLooks extends InMemoryLeaseStore {
        DrawsBeforeItLooks(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        FencingToken nextToken(LeaseState row) {
            long token = super.nextToken(row).value();
            long last = row.token().map(FencingToken::value).orElse(0L);
            return new FencingToken(last > 1 ? last - 1 : token);
        }
    }

    /** L3: whoever it is. */
    static final class ForgetsTheFenceOfNames extends InMemoryLeaseStore {
        ForgetsTheFenceOfNames(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Refusal> refusal(LeaseState row, Fence fence) {
            return row.holder().isPresent() ? Optional.empty() : super.refusal(row, fence);
        }
    }

    /** L3: the token is enough. */
    static final class GuardsNamesByToken extends InMemoryLeaseStore {
        GuardsNamesByToken(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Refusal> refusal(LeaseState row, Fence fence) {
            return super.refusal(row, new Fence(fence.token(), row.holder().orElse(fence.holder())));
        }
    }

    /** L3: the holder is enough. */
    static final class GuardsNamesByHolder extends InMemoryLeaseStore {
        GuardsNamesByHolder(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Refusal> refusal(LeaseState row, Fence fence) {
            return row.holder().equals(Optional.of(fence.holder())) ? Optional.empty() : super.refusal(row, fence);
        }
    }

    /** L4: the expiry is where the last renewal says. */
    static final class RenewalShortensNames extends InMemoryLeaseStore {
        RenewalShortensNames(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState renewed(LeaseState row, Duration length, Instant now) {
            return new LeaseState(row.name(), row.token(), row.holder(), Optional.of(now.plus(length)), row.since());
        }
    }

    /** L4: a lease ends with its expiry. */
    static final class RefusesLateHolders extends InMemoryLeaseStore {
        private final TestTime time;

        RefusesLateHolders(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
            this.time = time;
        }

        @Override
        Optional<Refusal> refusal(LeaseState row, Fence fence) {
            return row.holder().isPresent() && row.isFree(time.now())
                    ? Optional.of(new Refusal.Released(row.since()))
                    : super.refusal(row, fence);
        }
    }

    /** L4: an instant too early. */
    static final class TakesNamesEarly extends InMemoryLeaseStore {
        TakesNamesEarly(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isFree(LeaseState row, Instant now) {
            return row.isFree(now.plusNanos(1_000));
        }
    }

    /** L4: an instant too late. */
    static final class TakesNamesLate extends InMemoryLeaseStore {
        TakesNamesLate(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isFree(LeaseState row, Instant now) {
            return row.isFree(now.minusNanos(1_000));
        }
    }

    /** L5: what was asked for, and not what there is. */
    static final class TellsTheLengthThatWasAsked extends InMemoryLeaseStore {
        TellsTheLengthThatWasAsked(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Lease told(LeaseState row, Duration asked, Instant now) {
            Lease lease = super.told(row, asked, now);
            return new Lease(lease.subject(), lease.holder(), lease.token(), lease.expiresAt(), asked);
        }
    }

    /** L7: what is locked is gone. */
    static final class TakesLockedNamesForMissing extends InMemoryLeaseStore {
        TakesLockedNamesForMissing(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseAnswer whileLocked(Supplier<LeaseAnswer> write) {
            return new LeaseAnswer.Refused(new Refusal.Missing());
        }
    }

    /** L7: locks are for others. */
    static final class WritesToLockedNames extends InMemoryLeaseStore {
        WritesToLockedNames(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isLocked(String name) {
            return false;
        }
    }

    /** L7: a refusal is a refusal. */
    static final class SaysOfNamesThatTheyAreMissing extends InMemoryLeaseStore {
        SaysOfNamesThatTheyAreMissing(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Refusal> refusal(LeaseState row, Fence fence) {
            return super.refusal(row, fence).map(refusal -> new Refusal.Missing());
        }
    }

    /** L8: whoever releases is leaving anyway. */
    static final class ReleasesForAnybody extends InMemoryLeaseStore {
        ReleasesForAnybody(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Refusal> refusalOfRelease(LeaseState row, Fence fence) {
            return Optional.empty();
        }
    }

    /** L7: what is not there was given back. */
    static final class TakesUnknownNamesForReleased extends InMemoryLeaseStore {
        TakesUnknownNamesForReleased(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Refusal unknown() {
            return new Refusal.Released(Instant.EPOCH);
        }
    }

    /** L8: the process is name enough. */
    static final class NamesTheProcessOnly extends InMemoryLeaseStore {
        NamesTheProcessOnly(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        String recorded(String holder) {
            return holder.replaceAll("#.*", "");
        }
    }

    /** L8: a name is never free at once. */
    static final class RestsAlways extends InMemoryLeaseStore {
        RestsAlways(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState released(LeaseState row, Duration rest, Instant now) {
            return super.released(row, rest.plusNanos(1_000), now);
        }
    }

    /** L8: given back is given back. */
    static final class KnowsNoRest extends InMemoryLeaseStore {
        KnowsNoRest(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState released(LeaseState row, Duration rest, Instant now) {
            return super.released(row, Duration.ZERO, now);
        }
    }

    /** L8: a rest lasts as long as the lease would have. */
    static final class RestsAsLongAsItHeld extends InMemoryLeaseStore {
        RestsAsLongAsItHeld(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState released(LeaseState row, Duration rest, Instant now) {
            return row.takenUntil().isPresent() && !rest.isZero()
                    ? new LeaseState(row.name(), row.token(), Optional.empty(), row.takenUntil(), now)
                    : super.released(row, rest, now);
        }
    }

    /** L8: a holder whose answer was lost is told that another has it, which is itself. */
    static final class TakesARepeatForAnothers extends InMemoryLeaseStore {
        TakesARepeatForAnothers(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        Optional<Lease> repeated(LeaseState row, String holder, Instant now) {
            return Optional.empty();
        }
    }

    /** L8: capitals are the same name. */
    static final class MixesUpNames extends InMemoryLeaseStore {
        MixesUpNames(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        String key(String name) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /** J8: leases are short anyway. */
    static final class LosesNamesInACrash extends InMemoryLeaseStore {
        LosesNamesInACrash(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isDurable(LeaseState row) {
            return false;
        }
    }
}
