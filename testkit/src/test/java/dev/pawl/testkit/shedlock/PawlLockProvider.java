package dev.pawl.testkit.shedlock;

import dev.pawl.lease.HeldLease;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Leases;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;

/** ShedLock over named leases: a lock is a lease, to extend it is to renew, and what is left of its least time is a rest. */
final class PawlLockProvider implements ExtensibleLockProvider {
    private final Leases leases;

    PawlLockProvider(Leases leases) {
        this.leases = leases;
    }

    @Override
    public Optional<SimpleLock> lock(LockConfiguration wanted) {
        return leases.acquire(wanted.getName(), wanted.getLockAtMostFor()).map(held -> new Lock(held, wanted));
    }

    private static final class Lock extends AbstractSimpleLock {
        private final HeldLease held;

        Lock(HeldLease held, LockConfiguration wanted) {
            super(wanted);
            this.held = held;
        }

        /** One that is lost is somebody else's by now, and stays so. */
        @Override
        protected void doUnlock() {
            Duration rest = Duration.between(ClockProvider.now(), lockConfiguration.getLockAtLeastUntil());
            held.release(rest.isNegative() ? Duration.ZERO : rest);
        }

        /** ShedLock lets nobody extend what has expired, though nobody else may have taken it. */
        @Override
        protected Optional<SimpleLock> doExtend(LockConfiguration wanted) {
            if (!held.isCurrent()) {
                return Optional.empty();
            }
            try {
                held.renew(wanted.getLockAtMostFor());
                return Optional.of(new Lock(held, wanted));
            } catch (LeaseLostException lost) {
                return Optional.empty();
            }
        }
    }
}
