package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiLeaseStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import dev.pawl.testkit.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random histories of names: both stores give the same answers, whoever writes, and whenever. {@code -Dpawl.model.seed} repeats one. */
class NamesModelTest {
    private static TestDatabase postgres;

    @BeforeAll
    static void open() {
        postgres = TestPostgres.shared().database();
    }

    @AfterAll
    static void close() {
        postgres.close();
    }

    @Test
    void random_histories_of_names_are_the_same_in_both_stores() {
        Model.forAWhile(seed -> {
            InMemoryJobStore store = InMemoryJobStore.create();
            Database database = Database.of(postgres.dataSource(), SchemaName.STANDARD)
                    .at(() -> Optional.of(store.time().now()));
            History history = new History(seed, store, database);
            for (int i = 0; i < Model.STEPS; i++) {
                history.step(i);
            }
            return history;
        });
    }

    /** One store, and the tokens that it issued, in their order: the other's have the same places. */
    private record Side(LeaseStore leases, List<FencingToken> tokens) {
        Fence fence(Acquired acquired) {
            return new Fence(tokens.get(acquired.place), acquired.holder);
        }

        String told(Lease lease) {
            if (!tokens.contains(lease.token())) {
                assertThat(tokens).allMatch(former -> former.compareTo(lease.token()) < 0);
                tokens.add(lease.token());
            }
            return lease.subject() + " by " + lease.holder() + " #" + tokens.indexOf(lease.token()) + " until "
                    + lease.expiresAt() + " for " + lease.length();
        }

        String told(LeaseAnswer answer) {
            if (answer instanceof LeaseAnswer.Renewed renewed) {
                return told(renewed.lease());
            }
            if (answer instanceof LeaseAnswer.Refused refused && refused.refusal() instanceof Refusal.Superseded by) {
                return "superseded by #" + tokens.indexOf(by.by()) + by.holder() + by.at();
            }
            return answer.toString();
        }
    }

    private record Acquired(String name, String holder, int place) {}

    /** Step by step. */
    static final class History {
        private final Random random;
        private final long seed;
        private final TestTime time;
        private final Side memory;
        private final Side sql;
        private final List<String> names = List.of(UUID.randomUUID() + " a", UUID.randomUUID() + " b");
        private final List<Acquired> acquired = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();

        History(long seed, InMemoryJobStore store, Database database) {
            this.seed = seed;
            this.random = new Random(seed);
            this.time = store.time();
            this.memory = new Side(store.leases(), new ArrayList<>());
            this.sql = new Side(new JdbiLeaseStore(database), new ArrayList<>());
        }

        void step(int number) {
            String name = names.get(random.nextInt(names.size()));
            Duration length = Duration.ofSeconds(1 + random.nextInt(5));
            switch (random.nextInt(7)) {
                case 0, 1 -> acquire(name, "w#" + number, length);
                case 2 -> writeOf((side, who) -> side.told(side.leases().renew(who.name, side.fence(who), length)));
                case 3 ->
                    writeOf((side, who) ->
                            side.told(side.leases().release(who.name, side.fence(who), random(who, length))));
                case 4 ->
                    same(
                            "find " + name,
                            side -> side.leases().find(name).map(side::told).toString());
                case 5 -> time.advance(Duration.ofMillis(500L * random.nextInt(8)));
                default -> {
                    if (!acquired.isEmpty()) { // its answer was lost
                        Acquired who = acquired.get(acquired.size() - 1);
                        acquire(who.name, who.holder, length);
                    }
                }
            }
        }

        /** The same for both sides. */
        private static Duration random(Acquired who, Duration length) {
            return who.place % 2 == 0 ? Duration.ZERO : length;
        }

        private void acquire(String name, String holder, Duration length) {
            String answer = same(
                    "acquire " + name + " " + holder + " " + length,
                    side -> side.leases()
                            .acquire(name, holder, length)
                            .map(side::told)
                            .toString());
            if (!answer.equals("Optional.empty")) {
                String place = answer.substring(answer.indexOf(" #") + 2, answer.indexOf(" until"));
                acquired.add(new Acquired(name, holder, Integer.parseInt(place)));
            }
        }

        private void writeOf(BiFunction<Side, Acquired, String> write) {
            if (!acquired.isEmpty()) {
                Acquired who = acquired.get(Math.max(0, acquired.size() - 1 - random.nextInt(3)));
                same("write of " + who, side -> write.apply(side, who));
            }
        }

        private interface Question {
            String ask(Side side);
        }

        private String same(String step, Question question) {
            steps.add(time.now() + " " + step);
            String answer = question.ask(memory);
            assertThat(question.ask(sql))
                    .as("seed %d, on PostgreSQL, after%n%s", seed, String.join("\n", steps))
                    .isEqualTo(answer);
            return answer;
        }
    }
}
