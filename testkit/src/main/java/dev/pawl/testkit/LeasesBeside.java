package dev.pawl.testkit;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.util.Optional;

/** Named leases that can be reached as long as the jobs beside them can. */
record LeasesBeside(FaultyJobStore jobs, LeaseStore real) implements LeaseStore {
    @Override
    public Optional<Lease> acquire(String name, String holder, Duration length) {
        jobs.checkReachable();
        return real.acquire(name, holder, length);
    }

    @Override
    public LeaseAnswer renew(String name, Fence fence, Duration length) {
        jobs.checkReachable();
        return real.renew(name, fence, length);
    }

    @Override
    public LeaseAnswer release(String name, Fence fence, Duration rest) {
        jobs.checkReachable();
        return real.release(name, fence, rest);
    }

    @Override
    public Optional<Lease> find(String name) {
        jobs.checkReachable();
        return real.find(name);
    }
}
