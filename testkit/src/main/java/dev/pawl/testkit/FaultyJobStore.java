package dev.pawl.testkit;

import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Fence;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Place;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.NewRow;
import dev.pawl.store.ScanStore;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A store that does what another does, but for the {@link Faults} that a test asks for. Safe for use by many threads. */
public final class FaultyJobStore extends ForwardingJobStore {
    private static final Duration THIEFS_LEASE = Duration.ofMinutes(1);

    private final Coming faults;
    private final Coming ofScans;
    private final Coming ofLeases;
    private volatile boolean away;

    private FaultyJobStore(JobStore store, Consumer<Duration> wait) {
        super(store);
        this.faults = new Coming(wait);
        this.ofScans = new Coming(wait);
        this.ofLeases = new Coming(wait);
    }

    /**
     * Over a store in real time: a delay is waited for.
     *
     * @param store what is to be faulty
     * @return the same, without faults until they are asked for
     */
    public static FaultyJobStore over(JobStore store) {
        return new FaultyJobStore(store, delay -> LockSupport.parkNanos(delay.toNanos()));
    }

    /**
     * Over a store in a test's time: a delay moves it on.
     *
     * @param store what is to be faulty
     * @param time the store's
     * @return the same, without faults until they are asked for
     */
    public static FaultyJobStore over(JobStore store, TestTime time) {
        return new FaultyJobStore(store, time::advance);
    }

    /**
     * The faults to come.
     *
     * @return the same for every call
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Named leases beside the jobs, which can't be reached while those can't be, and have {@linkplain Faults#ofLeases faults} of
     * their own.
     *
     * @param leases of the same store
     * @return the same, but for that
     */
    public LeaseStore over(LeaseStore leases) {
        return new LeasesBeside(this, leases);
    }

    /**
     * Scans beside the jobs, which can't be reached while those can't be, and have {@linkplain Faults#ofScans faults} of their own.
     *
     * @param scans of the same store
     * @return the same, but for that
     */
    public ScanStore over(ScanStore scans) {
        return new ScansBeside(this, scans);
    }

    <T> T writeOfScan(Supplier<T> write, Supplier<T> busy) {
        checkReachable();
        return ofScans.next().around(write::get, busy::get);
    }

    <T> T writeOfLease(Supplier<T> write, Supplier<T> busy) {
        checkReachable();
        return ofLeases.next().around(write::get, busy::get);
    }

    @Override
    protected JobStore real() {
        checkReachable();
        return super.real();
    }

    void checkReachable() {
        if (away) {
            throw failure(StoreException.Kind.UNREACHABLE, "the store can't be reached; nothing was written");
        }
    }

    /** A call of the store's. */
    private interface Call<T> {
        T make();
    }

    /** What happens to one write. */
    private interface Fault {
        /**
         * Makes the write, or doesn't.
         *
         * @param busy the answer, or the exception, of a store whose rows are locked
         */
        <T> T around(Call<T> write, Call<T> busy);
    }

    private static final Fault NONE = new Fault() {
        @Override
        public <T> T around(Call<T> write, Call<T> busy) {
            return write.make();
        }
    };

    private final class Coming implements Faults {
        private final Queue<Fault> coming = new ConcurrentLinkedQueue<>();
        private final Consumer<Duration> wait;

        Coming(Consumer<Duration> wait) {
            this.wait = wait;
        }

        Fault next() {
            return Optional.ofNullable(coming.poll()).orElse(NONE);
        }

        @Override
        public Faults ofScans() {
            return ofScans;
        }

        @Override
        public Faults ofLeases() {
            return ofLeases;
        }

        @Override
        public void failBeforeCommit() {
            coming.add(new Fault() {
                @Override
                public <T> T around(Call<T> write, Call<T> busy) {
                    throw failure(
                            StoreException.Kind.UNREACHABLE, "the store could not be reached; nothing was written");
                }
            });
        }

        @Override
        public void failAfterCommit() {
            coming.add(new Fault() {
                @Override
                public <T> T around(Call<T> write, Call<T> busy) {
                    write.make();
                    throw failure(
                            StoreException.Kind.ANSWER_LOST, "the answer was lost; the write may have been committed");
                }
            });
        }

        @Override
        public void reject() {
            coming.add(new Fault() {
                @Override
                public <T> T around(Call<T> write, Call<T> busy) {
                    throw failure(StoreException.Kind.FAILED, "the store refused this; nothing was written");
                }
            });
        }

        @Override
        public void busy() {
            coming.add(new Fault() {
                @Override
                public <T> T around(Call<T> write, Call<T> busy) {
                    return busy.make();
                }
            });
        }

        @Override
        public void delay(Duration by) {
            coming.add(new Fault() {
                @Override
                public <T> T around(Call<T> write, Call<T> busy) {
                    wait.accept(by);
                    return write.make();
                }
            });
        }

        @Override
        public void unreachable() {
            away = true;
        }

        @Override
        public void reachable() {
            away = false;
        }

        @Override
        public void loseLease(JobId id) {
            steal(id);
        }
    }

    private static StoreException failure(StoreException.Kind kind, String what) {
        String message = "a fault that the test asked for: " + what;
        return new StoreException(kind, message, new IllegalStateException(message));
    }

    /** Given back in the holder's name, and claimed at its place by another. */
    private void steal(JobId id) {
        JobStore store = super.real();
        JobSnapshot job = store.find(id).orElseThrow(() -> new IllegalStateException("there is no job " + id));
        Fence fence = job.holder()
                .map(holder -> new Fence(job.token().orElseThrow(), holder))
                .orElseThrow(
                        () -> new IllegalStateException("only a running job has a lease to lose, but this is " + job));
        store.write(List.of(new JobWrite.Release(id, fence, job.stagesDone(), Duration.ZERO)));
        Place place = new Place(job.dueAt().orElseThrow(), id.uuid());
        Runs runs = Runs.asIs(job.pipeline(), job.version(), job.stages().size());
        String thief = "thief#" + Long.toHexString(UUID.randomUUID().getLeastSignificantBits() & 0xffffff);
        ClaimRequest request = ClaimRequest.everywhere(id.queue(), List.of(runs), thief, THIEFS_LEASE, 1)
                .from(Map.of(job.priority(), place));
        List<Claimed> stolen = store.claim(request);
        if (stolen.stream().noneMatch(claimed -> claimed.job().id().equals(id))) {
            throw new IllegalStateException(job + " was given back, but could not be claimed by another");
        }
    }

    private <T> T write(Call<T> write, Call<T> busy) {
        return faults.next().around(write, busy);
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        return write(() -> super.enqueue(jobs), () -> {
            throw new BusyException(
                    jobs.size() == 1
                            ? "job " + jobs.get(0).id()
                            : "one of " + jobs.size() + " jobs, as the test asked,");
        });
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        boolean renewals = writes.stream().allMatch(write -> write instanceof JobWrite.Renew);
        return renewals
                ? super.write(writes)
                : write(
                        () -> super.write(writes),
                        () -> writes.stream()
                                .<Answer>map(write -> new Answer.Busy())
                                .toList());
    }

    /** {@code faulty …}. */
    @Override
    public String toString() {
        return "faulty " + super.real();
    }
}
