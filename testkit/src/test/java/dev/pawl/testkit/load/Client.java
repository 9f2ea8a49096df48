package dev.pawl.testkit.load;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.JsonValues;
import dev.pawl.testkit.load.Ledger.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** One of many that do everything at once to the same jobs, until the storm is over. */
final class Client implements Runnable {
    private static final JsonValues VALUES = new JsonValues(JsonCodec.none(), JsonValues.STANDARD_LIMIT);
    private static final int MOST_HELD = 12;
    private static final int MOST_IN_BATCH = 6;
    private static final int KEYS = 100;

    private final String name;
    private final Random random;
    private final Ledger ledger;
    private final CountDownLatch end;
    private final JdbiPawl pawl;
    private final JobStore store;
    private final Hand hand;
    private final Writes writes;
    private final CallersTransactions transactions;
    private int claims;

    Client(String name, long seed, DataSource dataSource, Ledger ledger, CountDownLatch end) {
        this.name = name;
        this.random = new Random(seed);
        this.ledger = ledger;
        this.end = end;
        this.pawl = JdbiPawl.with(dataSource).name(name).open();
        this.store = new JdbiJobStore(Database.of(dataSource, SchemaName.STANDARD));
        this.hand = new Hand(random);
        this.writes = new Writes(random);
        this.transactions = new CallersTransactions(dataSource, pawl, ledger, random, end);
    }

    @Override
    public void run() {
        try (pawl) {
            while (end.getCount() > 0) {
                try {
                    step(random.nextInt(100));
                } catch (BusyException busy) {
                    ledger.saw(Event.BUSY);
                } catch (RefusedException refused) {
                    ledger.saw(Event.REFUSED);
                } catch (Exception | AssertionError failure) {
                    ledger.unexpected(failure);
                }
            }
        }
    }

    private void step(int die) throws Exception {
        if (die < 10) {
            List<NewJob<Json>> jobs = newJobs();
            told(pawl.jobs().enqueueAll(jobs));
        } else if (die < 14) {
            transactions.enqueue(newJobs());
        } else if (die < 34) {
            claim();
        } else if (die < 66) {
            write(batch());
        } else if (die < 84) {
            Optional<HeldJob<Json>> held = hand.any();
            if (held.isPresent()) {
                transactions.checkpoint(held.get(), hand);
            }
        } else if (die < 92) {
            steer();
        } else if (die < 96) {
            crash();
        } else if (die < 97) {
            pause();
        }
    }

    private List<NewJob<Json>> newJobs() {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> newJob())
                .toList();
    }

    /** The same keys by all. */
    private NewJob<Json> newJob() {
        NewJob<Json> job = NewJob.of(one(Application.PIPELINES), Json.of("{}"))
                .queue(one(Application.QUEUES))
                .priority(random.nextInt(3))
                .after(writes.millis(0, 20));
        return random.nextInt(3) == 0 ? job : job.key("key-" + random.nextInt(KEYS));
    }

    private void told(List<Enqueued> answers) {
        answers.forEach(answer -> ledger.enqueued(answer.id(), answer.created()));
    }

    private void claim() {
        int max = Math.min(1 + random.nextInt(5), MOST_HELD - hand.size());
        if (max <= 0) {
            return;
        }
        Duration length = writes.length();
        ClaimRequest request =
                ClaimRequest.everywhere(one(Application.QUEUES), Application.RUNS, name + "#" + ++claims, length, max);
        List<Claimed> claimed = store.claim(request);
        if (claimed.size() > max) {
            ledger.unexpected(new AssertionError("claimed " + claimed.size() + " instead of " + max));
        }
        for (Claimed one : claimed) {
            ledger.claimed(one.job().token().orElseThrow(), one.takenFrom().isPresent());
            HeldJob<Json> held = new HeldJob<>(Application.pipeline(one.job().pipeline()), one, length, VALUES, store);
            hand.take(held);
            if (one.job().takeovers() > Application.TAKEOVERS) {
                write(List.of(Writes.exhausted(held)));
            }
        }
    }

    /** To different jobs, some of it sent before. */
    private List<JobWrite> batch() {
        Map<JobId, JobWrite> byJob = new LinkedHashMap<>();
        for (int i = random.nextInt(MOST_IN_BATCH); i >= 0; i--) {
            Optional<JobWrite> write =
                    random.nextInt(5) == 0 ? hand.anyWritten() : hand.any().map(writes::any);
            write.ifPresent(one -> byJob.putIfAbsent(one.job(), one));
        }
        return new ArrayList<>(byJob.values());
    }

    private void write(List<? extends JobWrite> batch) {
        int times = random.nextInt(5) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            List<Answer> answers = store.write(batch);
            for (int n = 0; n < batch.size(); n++) {
                ledger.answered(batch.get(n), answers.get(n));
                hand.wrote(batch.get(n), answers.get(n));
            }
        }
    }

    private void steer() {
        Optional<JobId> job = ledger.anyJob(random);
        if (job.isPresent()) {
            if (random.nextInt(3) == 0) {
                pawl.jobs().cancel(job.get(), Actor.user(name));
            } else {
                pawl.jobs().retry(job.get(), Actor.user(name));
            }
            ledger.saw(Event.STEERED);
        }
    }

    private void crash() {
        ledger.saw(Event.CRASHED);
        if (random.nextBoolean()) {
            hand.forget();
        } else {
            hand.freeze();
        }
    }

    private void pause() throws InterruptedException {
        String queue = one(Application.QUEUES);
        pawl.jobs().pause(queue, Actor.user(name));
        var unused = end.await(random.nextInt(20), TimeUnit.MILLISECONDS);
        pawl.jobs().resume(queue, Actor.user(name));
        ledger.saw(Event.PAUSED);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
