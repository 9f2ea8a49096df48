package dev.pawl.store;

import dev.pawl.job.JobId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7, with a counter in place of the first random bits, section 6.2), so
 * that ids of one process rise, and rows that are made together lie together. The clock serves that locality and nothing
 * else. Safe for use by many threads.
 */
public final class JobIds {
    private final InstantSource clock;
    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    private long last;

    /**
     * A source of ids.
     *
     * @param clock the wall clock
     */
    public JobIds(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A new id.
     *
     * @param queue where the job is to live
     * @return an id that no other job has
     */
    public JobId next(String queue) {
        return new JobId(queue, nextUuid());
    }

    private synchronized UUID nextUuid() {
        last = Math.max(last + 1, clock.millis() << 12); // 48 bits of milliseconds, 12 bits that count within one
        long high = ((last & ~0xFFFL) << 4) | 0x7000L | (last & 0xFFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
