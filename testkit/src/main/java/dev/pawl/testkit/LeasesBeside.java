package dev.pawl.testkit;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.util.Optional;

/** Named leases that can be reached as long as the jobs beside them can, with faults of their own. */
record LeasesBeside(FaultyJobStore jobs, LeaseStore real) implements LeaseStore {
    @Override
    public Optional<Lease> acquire(String name, String holder, Duration length) {
        return jobs.writeOfLease(() -> real.acquire(name, holder, length), Optional::empty);
    }

    @Override
    public LeaseAnswer renew(String name, Fence fence, Duration length) {
        jobs.checkReachable();
        return real.renew(name, fence, length);
    }

    @Override
    public LeaseAnswer release(String name, Fence fence, Duration rest) {
        return jobs.writeOfLease(() -> real.release(name, fence, rest), LeaseAnswer.Busy::new);
    }

    @Override
    public Optional<Lease> find(String name) {
        jobs.checkReachable();
        return real.find(name);
    }
}
