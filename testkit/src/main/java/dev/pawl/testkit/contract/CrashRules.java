package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.JobWrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** J8: what was acknowledged is there after a crash, and what was not committed is not. */
interface CrashRules extends FamilyScene {
    @Test
    default void J8_an_acknowledged_write_survives_a_crash() {
        // given: a job after each kind of write
        Held holder = held();
        List<JobId> written = new ArrayList<>(List.of(holder.id()));
        for (Function<Held, JobWrite> write : Held.WRITES) {
            Held held = claim(enqueued());
            done(write.apply(held));
            written.add(held.id());
        }
        Held parent = claim(enqueued());
        done(fanOut(parent, FanIn.ALL, "a", "b"));
        written.addAll(List.of(parent.id(), child(parent, "a"), child(parent, "b")));
        JobId cancelled = enqueued();
        done(cancel(cancelled));
        JobId retried = enqueued();
        done(cancel(retried));
        done(retry(retried));
        written.addAll(List.of(cancelled, retried));
        Map<JobId, Whole> acknowledged = new LinkedHashMap<>();
        written.forEach(id -> acknowledged.put(id, whole(id)));

        // when
        crashed();

        // then: and who held a job still holds it
        acknowledged.forEach((id, whole) -> assertThat(whole(id)).isEqualTo(whole));
        done(holder.checkpoint());
    }

    @Test
    default void J8_what_no_transaction_has_committed_is_gone_after_a_crash() {
        // given
        Held held = held();
        Whole before = whole(held.id());

        try (OpenTransaction open = transaction()) {
            open.insert(queue());
            open.hold(held.id());

            // when
            crashed();

            // then: neither its rows nor its locks are left
            assertThatThrownBy(open::commit).isNotNull();
        }
        assertThat(whole(held.id())).isEqualTo(before);
        done(held.renew());
        try (OpenTransaction reading = transaction()) {
            assertThat(reading.rows()).doesNotContain(queue());
        }
    }

    @Test
    default void J8_tokens_go_on_rising_after_a_crash() {
        // given
        FencingToken last = held().token();

        // when
        crashed();

        // then
        assertThat(held().token()).isGreaterThan(last);
    }

    private Held claim(JobId id) {
        return claim(10).stream()
                .filter(held -> held.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " was not claimed"));
    }

    private void crashed() {
        assumeTrue(crash(), "the store under test can't be made to crash here");
    }
}
