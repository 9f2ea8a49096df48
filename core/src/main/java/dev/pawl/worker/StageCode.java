package dev.pawl.worker;

import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.Family;
import dev.pawl.store.HeldJob;
import dev.pawl.store.NewRows;
import dev.pawl.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done at one stage. */
sealed interface StageCode<P> {
    /** When a failed attempt at it is tried again. */
    RetryPolicy policy();

    /** The pipeline of its children, if it has any. */
    default Optional<Pipeline<?, ?>> childPipeline() {
        return Optional.empty();
    }

    /** Makes one try at the stage, in this thread. */
    Attempted run(HeldJob<P> held, Attempt<P> attempt, NewRows rows) throws Exception;

    /** A stage that is done by its handler. */
    record Handled<P>(Handler<P, ?> handler, RetryPolicy policy) implements StageCode<P> {
        @Override
        public Attempted run(HeldJob<P> held, Attempt<P> attempt, NewRows rows) throws Exception {
            return Attempted.of(held, requireOutcome(handler.handle(attempt), "handler", held, attempt));
        }
    }

    /** A stage that is done by children: split once, then judged and joined. */
    record FannedOut<P, C, CR>(
            Pipeline<C, CR> into,
            Handlers.Split<P, C> split,
            FanIn fanIn,
            Handlers.Joiner<P, CR, ?> joiner,
            RetryPolicy policy)
            implements StageCode<P> {
        private static final Logger LOG = LoggerFactory.getLogger(FannedOut.class);
        private static final int NAMED = 3;

        @Override
        public Optional<Pipeline<?, ?>> childPipeline() {
            return Optional.of(into);
        }

        @Override
        public Attempted run(HeldJob<P> held, Attempt<P> attempt, NewRows rows) throws Exception {
            Optional<Family.Fan> fan = held.family().fan();
            if (fan.isEmpty()) {
                Map<String, ? extends C> children = Objects.requireNonNull(
                        split.split(attempt),
                        () -> "the split of stage '" + attempt.stage() + "' of pipeline " + held.pipeline()
                                + " returned null: return a map, which may be empty");
                return Attempted.writing(held.family().start(fanIn, rows.children(held.id(), into, children)));
            }
            return judge(held, attempt, fan.get());
        }

        /** By the children's rows (rule F7), and by the policy under which they were started. */
        private Attempted judge(HeldJob<P> held, Attempt<P> attempt, Family.Fan fan) throws Exception {
            int open = fan.counts().open();
            if (held.family().isBeingCancelled() && held.family().canCancel(open)) {
                return Attempted.writing(held.family().cancel(open)); // judged already
            }
            Children.Counts counts = asked(held.family()::count);
            return switch (fan.policy().judge(counts)) {
                case FAIL -> fail(held, fan, counts);
                case WAIT -> recount(held, fan, counts);
                case JOIN ->
                    fan.counts().open() > 0
                            ? recount(held, fan, counts)
                            : Attempted.of(
                                    held,
                                    requireOutcome(
                                            joiner.join(attempt, held.family().children(into, counts)),
                                            "join",
                                            held,
                                            attempt));
            };
        }

        private Attempted recount(HeldJob<P> held, Family.Fan fan, Children.Counts counts) {
            LOG.warn(
                    "{}: its counter says {}, but its children's rows say {}: counted anew",
                    held,
                    fan.counts(),
                    counts);
            return Attempted.writing(held.family().await());
        }

        /** Cancels the rest before, step by step; what can't be cancelled now is left to {@code cancelOrphans}. */
        private Attempted fail(HeldJob<P> held, Family.Fan fan, Children.Counts counts) {
            return Attempted.writing(
                    held.family().canCancel(counts.open())
                            ? held.family().cancel(counts.open())
                            : held.failing(ErrorInfo.of(why(held, fan, counts)), Optional.empty()));
        }

        private static String why(HeldJob<?> held, Family.Fan fan, Children.Counts counts) {
            List<String> named =
                    counts.failed() == 0 ? List.of() : asked(() -> held.family().failed(NAMED));
            return counts + ", but " + fan.policy() + (named.isEmpty() ? "" : ": " + String.join("; ", named));
        }

        /** What the store says of the children: that it can't say is no fault of theirs, or of the stage's. */
        private static <T> T asked(Supplier<T> question) {
            try {
                return question.get();
            } catch (StoreException failure) {
                throw new UnjudgedException(failure);
            }
        }
    }

    private static Outcome<?> requireOutcome(Outcome<?> outcome, String code, HeldJob<?> held, Attempt<?> attempt) {
        if (outcome == null) {
            throw new NullPointerException("the " + code + " of stage '" + attempt.stage() + "' of pipeline "
                    + held.pipeline() + " returned null: return done(…), later(…) or failed(…)");
        }
        return outcome;
    }
}
