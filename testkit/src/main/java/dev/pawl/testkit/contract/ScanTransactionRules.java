package dev.pawl.testkit.contract;

import static dev.pawl.testkit.contract.Walker.END;
import static dev.pawl.testkit.contract.Walker.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** S5, and what S6 and S7 say of transactions of the caller's: a page's rows and the cursor's move are one commit. */
interface ScanTransactionRules extends ScanScene {
    @Test
    default void S5_a_commit_brings_the_cursor_and_the_callers_rows_and_nobody_sees_them_before() throws Exception {
        // given
        Walker walker = walkedTo(key(500));
        WholeScan before = wholeScan();

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(queue());
            ScanAnswer answer = scansOf(transaction).write(walker.move(key(600)));

            // then
            assertThat(answer).isInstanceOf(ScanAnswer.Done.class);
            assertThat(scansOf(transaction).find(scan()).orElseThrow().scan())
                    .isEqualTo(((ScanAnswer.Done) answer).scan());
            assertThat(wholeScan()).as("before the commit").isEqualTo(before);
            transaction.commit();
        }
        assertThat(state().lap().cursor()).contains(key(600));
        assertThat(committed()).contains(queue());
        done(walker.at(walker.step() + 1).move(key(700)));
    }

    @Test
    default void S5_a_rollback_takes_both_so_that_the_page_comes_again() {
        // given
        Walker walker = walkedTo(key(500));
        WholeScan before = wholeScan();

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(queue());
            assertThat(scansOf(transaction).write(walker.wrap())).isInstanceOf(ScanAnswer.Done.class);
        }

        // then
        assertThat(wholeScan()).isEqualTo(before);
        assertThat(committed()).doesNotContain(queue());
        done(walker.move(key(600)));
    }

    @Test
    default void S5_every_write_of_a_walker_can_be_a_part_of_it() throws Exception {
        // given
        Walker walker = walker();

        // when
        try (OpenTransaction transaction = transaction()) {
            ScanStore scans = scansOf(transaction);
            for (ScanWrite write : List.of(
                    walker.open(),
                    walker.begin(),
                    walker.at(1).move(key(500)),
                    walker.at(2).fail(SkipRules.BOUNDS))) {
                assertThat(scans.write(write)).as("%s", write).isInstanceOf(ScanAnswer.Done.class);
            }
            assertThat(scanStore().find(scan())).as("before the commit").isEmpty();
            ScanState failed = scans.find(scan()).orElseThrow().scan();
            assertThat(scans.write(skip(failed.failed().orElseThrow()))).isInstanceOf(ScanAnswer.Done.class);
            assertThat(scans.write(nudge())).isInstanceOf(ScanAnswer.Done.class);
            assertThat(scans.skipped(scan(), 10)).hasSize(1);
            assertThat(scans.all()).contains(scans.find(scan()).orElseThrow().scan());
            assertThat(skipped()).as("before the commit").isEmpty();
            transaction.commit();
        }

        // then
        assertThat(state().step()).isEqualTo(3);
        assertThat(state().nudgedAt()).contains(time().now());
        assertThat(state().lap().cursor()).contains(key(600));
        assertThat(skipped()).hasSize(1);
    }

    @Test
    default void S5_a_refusal_makes_the_transaction_unable_to_commit() {
        // given
        Walker zombie = walkedTo(key(500));
        Walker successor = opened();
        WholeScan before = wholeScan();

        // when: the refusal is not looked at
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(queue());
            ScanAnswer answer = scansOf(transaction).write(zombie.move(key(600)));

            // then
            assertThat(answer).isInstanceOf(ScanAnswer.Refused.class);
            assertThat(((ScanAnswer.Refused) answer).refusal().reason()).isEqualTo(Reason.SUPERSEDED);
            assertThatThrownBy(transaction::commit).isNotNull();
        }
        assertThat(committed()).doesNotContain(queue());
        assertThat(wholeScan()).isEqualTo(before);
        done(successor.move(key(600)));
    }

    @Test
    default void S5_the_scan_is_locked_until_the_transaction_ends() throws Exception {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(SkipRules.BOUNDS));
        ScanWrite skip = skip(failedPage());
        WholeScan before = wholeScan();
        List<ScanWrite> others = List.of(walker().open(), walker.move(key(600)), skip, nudge());

        // when
        try (OpenTransaction transaction = transaction()) {
            assertThat(scansOf(transaction).write(walker.move(key(600)))).isInstanceOf(ScanAnswer.Done.class);
            List<ScanAnswer> answers = others.stream().map(this::write).toList();

            // then: neither done nor refused
            assertThat(answers).hasOnlyElementsOfType(ScanAnswer.Busy.class);
            assertThat(wholeScan()).isEqualTo(before);
            transaction.commit();
        }
        assertThat(reason(skip)).isEqualTo(Reason.CONFLICT);
        done(nudge());
        done(walker().open());
    }

    @Test
    default void S6_in_the_callers_transaction_a_repeat_is_refused_as_already_done() {
        // given: the commit of a page's transaction was not answered, and the page is handled once more
        Walker walker = walkedTo(key(500));
        done(walker.move(key(600)));
        WholeScan before = wholeScan();

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(queue());
            ScanAnswer answer = scansOf(transaction).write(walker.move(key(600)));

            // then: its rows must not be written twice
            assertThat(answer).isEqualTo(new ScanAnswer.Refused(new Refusal.AlreadyDone()));
            assertThatThrownBy(transaction::commit).isNotNull();
        }
        assertThat(committed()).doesNotContain(queue());
        assertThat(wholeScan()).isEqualTo(before);
    }

    @Test
    default void S7_a_page_that_was_skipped_meanwhile_takes_its_rows_with_it() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(SkipRules.LAST));

        // when: skipped while it is handled once more
        try (OpenTransaction transaction = transaction()) {
            transaction.insert(queue());
            done(skip(failedPage()));
            ScanAnswer answer = scansOf(transaction).write(walker.wrap());

            // then
            assertThat(answer).isInstanceOf(ScanAnswer.Refused.class);
            assertThatThrownBy(transaction::commit).isNotNull();
        }
        assertThat(committed()).doesNotContain(queue());
        assertThat(state().lap()).isEqualTo(Lap.next(2));
        assertThat(skipped()).hasSize(1);
    }

    @Test
    default void S5_a_lap_that_ends_in_it_ends_with_the_commit() throws Exception {
        // given
        Walker walker = walkedTo(key(500));

        // when
        try (OpenTransaction transaction = transaction()) {
            scansOf(transaction).write(walker.wrap());
            scansOf(transaction).write(walker.at(walker.step() + 1).begin(END));
            assertThat(state().lap().number()).as("before the commit").isEqualTo(1);
            transaction.commit();
        }

        // then
        assertThat(state().lap())
                .isEqualTo(new Lap(2, Optional.empty(), Optional.of(END), 0, 0, Optional.of(time().now())));
    }

    private ScanStore scansOf(OpenTransaction transaction) {
        Optional<ScanStore> scans = transaction.scans();
        assumeTrue(scans.isPresent(), "the scans beside the store under test take part in no transaction");
        return scans.get();
    }

    private Set<String> committed() {
        try (OpenTransaction reading = transaction()) {
            return reading.rows();
        }
    }
}
