package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.JobWrite;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * L9: a database that lost its last commits. Of a claim that was lost nothing is left in the store but its holder's belief,
 * and its token is issued again: what these tests call a zombie has the token of the present holder, under another name.
 */
interface LostCommitRules extends Scene {
    /** The holder of the claim that was lost: it was issued the same token. */
    private static Held zombieOf(Held successor) {
        return successor.named("worker-9#lost");
    }

    @Test
    default void L9_the_holder_of_a_lost_claim_cannot_write_while_its_token_is_anothers() {
        // given
        Held successor = held();
        Held zombie = zombieOf(successor);

        // when
        List<Reason> reasons = reasonsFor(zombie.everyWrite());

        // then
        assertThat(reasons).containsOnly(Reason.SUPERSEDED);
        done(successor.renew());
    }

    @Test
    default void L9_it_cannot_when_the_other_has_let_go_of_the_token() {
        for (Function<Held, JobWrite> letGo : LETTING_GO) {
            // given
            Held successor = held();
            done(letGo.apply(successor));
            boolean ended = job(successor).status().isEnded();

            // when
            List<Reason> reasons = reasonsFor(zombieOf(successor).everyWrite());

            // then
            assertThat(reasons).containsOnly(ended ? Reason.ENDED : Reason.RELEASED);
            end(successor.id());
        }
    }

    @Test
    default void L9_it_cannot_while_nobody_was_issued_its_token_again() {
        // given: one who took over from a holder that has the job again, and one whose job was never claimed, as far as
        // is known
        Held holder = held();
        Held taker = zombieOf(holder).numbered(holder.token().value() + 1);
        Held first = new Held(enqueued(), taker.fence(), 0);

        // when
        List<Reason> ofTheHeld = reasonsFor(taker.everyWrite());
        List<Reason> ofTheUnclaimed = reasonsFor(first.everyWrite());

        // then
        assertThat(ofTheUnclaimed).containsOnly(Reason.MISSING);
        assertThat(ofTheHeld).containsOnly(Reason.SUPERSEDED);
        done(holder.renew());
    }

    @Test
    default void L9_its_checkpoint_is_no_repeat_of_the_one_under_the_same_token() {
        // given: the other has done the same stage, and found the same
        Held successor = held();
        Held zombie = zombieOf(successor);
        done(successor.checkpoint());

        // when
        Reason same = reason(zombie.checkpoint());
        Reason another = reason(zombie.checkpoint(Json.of("{\"found\": 4}")));

        // then: neither done nor a conflict, but lost
        assertThat(List.of(same, another)).containsOnly(Reason.SUPERSEDED);
        repeated(successor.checkpoint());
        done(successor.at(1).checkpoint());
    }

    @Test
    default void L9_its_checkpoint_is_no_repeat_when_a_third_has_the_job() {
        // given
        Held successor = held();
        done(successor.checkpoint());
        Held third = takenOver(successor);

        // when
        Reason reason = reason(zombieOf(successor).checkpoint());

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        repeated(successor.checkpoint());
        done(third.checkpoint());
    }

    @Test
    default void L9_its_checkpoint_is_no_repeat_of_the_last_one_under_the_same_token() {
        // given
        Held successor = heldAtLastStage();
        done(successor.checkpoint());

        // when
        Reason reason = reason(zombieOf(successor).checkpoint());

        // then
        assertThat(reason).isEqualTo(Reason.ENDED);
        repeated(successor.checkpoint());
    }

    @Test
    default void L9_its_progress_is_no_repeat_of_the_one_under_the_same_token() {
        // given
        Held successor = held();
        done(successor.saveProgress(1));

        // when
        Reason reason = reason(zombieOf(successor).saveProgress(1));

        // then
        assertThat(reason).isEqualTo(Reason.SUPERSEDED);
        repeated(successor.saveProgress(1));
    }

    private List<Reason> reasonsFor(List<JobWrite> writes) {
        return writes.stream().map(this::reason).toList();
    }
}
