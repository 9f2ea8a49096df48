package dev.pawl.testkit.shedlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.embed.Pawl;
import dev.pawl.lease.HeldLease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.test.support.AbstractExtensibleLockProviderIntegrationTest;
import net.javacrumbs.shedlock.test.support.FuzzTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ShedLock's contract of a lock provider that can extend, its fuzz test included. */
abstract class ShedLockContract extends AbstractExtensibleLockProviderIntegrationTest {
    abstract Pawl pawl();

    @Override
    protected ExtensibleLockProvider getLockProvider() {
        return new PawlLockProvider(pawl().leases());
    }

    /** Seven hundred turns of eight threads that ask without a pause: minutes, on a machine that is busy otherwise. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @Override
    public void fuzzTestShouldPass() throws ExecutionException, InterruptedException {
        new FuzzTester(getLockProvider()).doFuzzTest();
    }

    @Override
    protected void assertUnlocked(String lockName) {
        Optional<HeldLease> mine = pawl().leases().acquire(lockName, Duration.ofSeconds(1));
        assertThat(mine).isPresent();
        mine.get().release();
    }

    @Override
    protected void assertLocked(String lockName) {
        assertThat(pawl().leases().acquire(lockName, Duration.ofSeconds(1))).isEmpty();
    }
}
