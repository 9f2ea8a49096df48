package dev.pawl.testkit;

import dev.pawl.lease.FencingToken;
import dev.pawl.store.LeaseState;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Named leases that break a rule, each one thing only, for tests of tests that are not the contract's. */
@SuppressWarnings("ImmutableEnumChecker") // constructor references are immutable
public enum WrongLeases {
    ACQUIRES_WHAT_IS_HELD(BrokenNamedLeases.AcquiresWhatIsHeld::new),
    FORGETS_THE_FENCE_OF_NAMES(BrokenNamedLeases.ForgetsTheFenceOfNames::new),
    TAKES_A_REPEAT_FOR_ANOTHERS(BrokenNamedLeases.TakesARepeatForAnothers::new),
    KNOWS_NO_REST(BrokenNamedLeases.KnowsNoRest::new),
    NEVER_EXPIRES(NeverExpires::new),
    KEEPS_WHAT_IS_GIVEN_BACK(KeepsWhatIsGivenBack::new);

    /** The configuration parameter that names one. */
    public static final String PARAMETER = "wrong.leases";

    private final BiFunction<TestTime, Supplier<FencingToken>, InMemoryLeaseStore> leases;

    WrongLeases(BiFunction<TestTime, Supplier<FencingToken>, InMemoryLeaseStore> leases) {
        this.leases = leases;
    }

    /** In real time. */
    public LeaseStore leases() {
        return RealTimeLeases.create(leases);
    }

    /** In a time that a test moves, beside jobs. */
    public InMemoryJobStore store() {
        return BrokenNamedLeases.with(leases);
    }

    private static final class NeverExpires extends InMemoryLeaseStore {
        NeverExpires(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        boolean isFree(LeaseState row, Instant now) {
            return row.holder().isEmpty() && super.isFree(row, now);
        }
    }

    private static final class KeepsWhatIsGivenBack extends InMemoryLeaseStore {
        KeepsWhatIsGivenBack(TestTime time, Supplier<FencingToken> tokens) {
            super(time, tokens);
        }

        @Override
        LeaseState released(LeaseState row, Duration rest, Instant now) {
            return row;
        }
    }
}
