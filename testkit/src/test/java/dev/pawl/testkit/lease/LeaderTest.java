package dev.pawl.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases.Leader;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.Logged;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a campaign does, and when a term ends, with real threads over the store in memory. */
@ExtendWith(RightOrWrongLeases.class)
class LeaderTest {
    private static final String NAME = "digest";
    private static final Duration LENGTH = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final InMemoryJobStore memory;
    private LeasesPawl one;
    private LeasesPawl other;

    /** Over a store that is as it should be, but where {@link LeaderBitesTest} asks for another. */
    LeaderTest(InMemoryJobStore memory) {
        this.memory = memory;
    }

    @BeforeEach
    void open() {
        one = LeasesPawl.over(memory, "one");
        other = LeasesPawl.over(memory, "other");
    }

    @AfterEach
    void close() {
        one.door().heal();
        one.close();
        other.close();
    }

    @Test
    void one_leads_until_it_closes_and_then_the_other() {
        Terms terms = new Terms();
        Leader first = one.leases().lead(NAME, LONG, terms);
        await().until(() -> terms.running() == 1);
        Leader second = other.leases().lead(NAME, LONG, terms);
        await().until(() -> other.door().asked() > 1 || terms.running() > 1); // who has it asks no more
        Lease lease = first.lease().orElseThrow();
        assertThat(lease.holder()).startsWith("one#");
        assertThat(one.leases().find(NAME).map(Lease::fence)).contains(lease.fence());
        assertThat(second.lease()).isEmpty();
        assertThat(terms.running()).isEqualTo(1);

        first.close();

        assertThat(first.lease()).isEmpty();
        await().until(() -> second.lease().isPresent());
        second.close();
        assertThat(memory.leases().find(NAME)).isEmpty();
        assertThat(terms.most()).as("at a time").isEqualTo(1);
        assertThat(terms.tokens()).hasSize(2).isSorted();
    }

    @Test
    void a_term_is_renewed_for_as_long_as_its_duty_works() throws InterruptedException {
        CountDownLatch renewedOften = new CountDownLatch(1);
        AtomicBoolean wasCurrent = new AtomicBoolean();
        Leader leader = one.leases().lead(NAME, LENGTH, term -> {
            long begin = System.nanoTime();
            while (term.isCurrent() && System.nanoTime() - begin < LENGTH.toNanos() * 4) {
                Thread.onSpinWait(); // it leaves no room for renewals in its own thread
            }
            wasCurrent.set(term.isCurrent());
            renewedOften.countDown();
        });

        renewedOften.await();

        leader.close();
        assertThat(wasCurrent).isTrue();
    }

    @Test
    void a_duty_that_returns_resigns_and_gets_another_term() {
        List<FencingToken> tokens = new CopyOnWriteArrayList<>();
        Leader leader = one.leases().lead(NAME, LENGTH, term -> tokens.add(term.token()));

        await().until(() -> tokens.size() >= 3);

        leader.close();
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
        assertThat(memory.leases().find(NAME)).isEmpty();
    }

    @Test
    void a_duty_that_throws_resigns_and_gets_another_term_later() {
        AtomicInteger tries = new AtomicInteger();
        try (Logged logged = Logged.by("dev.pawl.worker.Campaign", "one for 'digest'");
                Leader leader = one.leases().lead(NAME, LONG, term -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new AssertionError("no mail today");
                    }
                    term.token();
                    new CountDownLatch(1).await();
                })) {
            await().until(() -> tries.get() == 1 && memory.leases().find(NAME).isEmpty());

            await().until(() -> leader.lease().isPresent());

            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .isEqualTo("one for 'digest': the duty failed, so the lease is given back");
        }
    }

    @Test
    void a_term_that_is_taken_over_is_over_at_the_next_renewal() {
        Terms terms = new Terms();
        Leader leader = one.leases().lead(NAME, LENGTH, terms);
        await().until(() -> terms.running() == 1);
        Lease lost = leader.lease().orElseThrow();

        memory.time().advance(Duration.ofHours(1)); // by the store's clock, it is late
        HeldLease thief = other.leases().acquire(NAME, LONG).orElseThrow();

        await().until(() -> terms.interrupted() == 1);
        assertThat(leader.lease()).isEmpty();
        assertThat(memory.leases().find(NAME).map(Lease::fence))
                .as("the new holder's")
                .contains(thief.lease().fence());
        thief.close();
        await().until(() -> leader.lease().isPresent());
        assertThat(leader.lease().orElseThrow().token()).isGreaterThan(thief.token());
        assertThat(thief.token()).isGreaterThan(lost.token());
        assertThat(terms.sawCurrentAfterTheEnd()).isFalse();
    }

    @Test
    void without_the_store_a_term_is_over_by_the_clock_and_the_campaign_goes_on() {
        Terms terms = new Terms();
        try (Logged logged = Logged.by("dev.pawl.worker.Outage", "one for 'digest'");
                Leader leader = one.leases().lead(NAME, LENGTH, terms)) {
            await().until(() -> terms.running() == 1);

            long cut = System.nanoTime();
            one.door().fail();

            await().until(() -> terms.interrupted() == 1);
            assertThat(System.nanoTime() - cut)
                    .isLessThan(LENGTH.multipliedBy(2).toNanos());
            assertThat(leader.lease()).isEmpty();
            assertThat(terms.sawCurrentAfterTheEnd()).isFalse();
            int sofar = one.door().failures();
            await().until(() -> one.door().failures() > sofar + 3);
            one.door().heal();
            memory.time().advance(LENGTH); // nobody could be told of the end of the term
            await().until(() -> terms.running() == 1);
            assertThat(logged.warnings())
                    .as("one outage, told once")
                    .singleElement()
                    .asString()
                    .startsWith("one for 'digest' could not renew lease #");
            assertThat(logged.all()).contains("one for 'digest' has the store back");
        }
    }

    /** As by a network that swallows everything. */
    @Test
    void where_the_store_never_answers_a_term_is_over_by_the_clock_all_the_same() {
        Terms terms = new Terms();
        Leader leader = one.leases().lead(NAME, LENGTH, terms);
        await().until(() -> terms.running() == 1);

        one.door().hang();

        await().until(() -> terms.interrupted() == 1);
        assertThat(leader.lease()).isEmpty();
    }

    @Test
    void while_a_duty_does_not_return_there_is_no_other_here() throws InterruptedException {
        CountDownLatch stubborn = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        AtomicReference<Boolean> current = new AtomicReference<>();
        Leader leader = one.leases().lead(NAME, LENGTH, term -> {
            if (begun.incrementAndGet() == 1) {
                awaitUninterruptibly(stubborn);
                current.set(term.isCurrent());
            } else {
                new CountDownLatch(1).await();
            }
        });
        await().until(() -> begun.get() == 1);
        memory.time().advance(Duration.ofHours(1));
        try (HeldLease thief = other.leases().acquire(NAME, LONG).orElseThrow()) {
            await().until(() -> leader.lease().isEmpty());
            assertThat(thief.isCurrent()).isTrue();
        }

        await().during(Duration.ofSeconds(1)).until(() -> begun.get() == 1);

        stubborn.countDown();
        await().until(() -> begun.get() == 2);
        assertThat(current.get()).isFalse();
        leader.close();
    }

    @Test
    void a_duty_may_end_its_own_campaign() {
        AtomicReference<Leader> self = new AtomicReference<>();
        AtomicInteger begun = new AtomicInteger();
        AtomicBoolean current = new AtomicBoolean(true);
        AtomicBoolean interrupted = new AtomicBoolean();
        self.set(one.leases().lead(NAME, LONG, term -> {
            await().until(() -> self.get() != null);
            begun.incrementAndGet();
            self.get().close();
            current.set(term.isCurrent());
            interrupted.set(Thread.currentThread().isInterrupted());
        }));

        await().until(() -> begun.get() == 1 && memory.leases().find(NAME).isEmpty());
        assertThat(self.get().lease()).isEmpty();
        assertThat(current).isFalse();
        assertThat(interrupted).as("as one that waits for itself").isFalse();
    }

    @Test
    void a_term_that_is_over_when_its_lease_is_told_of_has_no_duty() {
        Terms terms = new Terms();
        one.door().hang();
        try (Leader leader = one.leases().lead(NAME, LENGTH, terms)) {
            await().pollDelay(LENGTH.multipliedBy(2)).until(() -> true); // the answer takes longer than the lease
            one.door().heal();
            await().until(() -> terms.running() == 1);

            assertThat(leader.lease()).isPresent();
            assertThat(terms.tokens()).containsExactly(new FencingToken(2));
        }
    }

    @Test
    void a_pawl_closes_what_leads() {
        Terms terms = new Terms();
        Leader leader = one.leases().lead(NAME, LONG, terms);
        await().until(() -> terms.running() == 1);

        one.close();

        assertThat(terms.running()).isZero();
        assertThat(leader.lease()).isEmpty();
        assertThat(memory.leases().find(NAME)).isEmpty();
        leader.close(); // again
        assertThatThrownBy(() -> one.leases().lead(NAME, LONG, terms)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_error_outside_of_the_duty_is_told_and_does_not_end_the_campaign() {
        Terms terms = new Terms();
        one.door().failWith(new NoClassDefFoundError("as after a bad deploy"));
        try (Logged logged = Logged.by("dev.pawl.worker.Campaign", "one for 'digest'");
                Leader leader = one.leases().lead(NAME, LONG, terms)) {
            await().until(() -> leader.lease().isPresent());

            assertThat(logged.all()).contains("one for 'digest' failed outside of its duty, and goes on");
        }
        assertThat(terms.tokens()).hasSize(1);
    }

    @Test
    void an_acquire_whose_answer_is_lost_has_the_lease_all_the_same() {
        one.door().loseAnswers(2);

        HeldLease held = one.leases().acquire(NAME, LONG).orElseThrow();

        assertThat(held.token().value()).as("drawn once").isEqualTo(1);
        assertThat(held.renew().fence()).isEqualTo(held.lease().fence());
    }

    @Test
    void a_release_whose_answer_is_lost_may_be_repeated() {
        HeldLease held = one.leases().acquire(NAME, LONG).orElseThrow();
        one.door().loseAnswers(1);

        assertThatThrownBy(held::release).hasMessage("as the test asked");

        assertThat(held.release()).as("ours").isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) {
                Thread.onSpinWait();
            }
        }
    }
}
