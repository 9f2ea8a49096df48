package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/** Stores that break a rule of how children are counted, and their parent woken, each one thing only. */
final class BrokenCounts {
    private BrokenCounts() {}

    /** How the ends of children change a parent. */
    interface Counting {
        JobState after(JobState parent, int completed, int failed, int cancelled);
    }

    /** A store that counts otherwise; the function is given the right way and the time. */
    abstract static class CountsOtherwise extends InMemoryJobStore {
        private final BiFunction<Counting, Instant, Counting> otherwise;

        CountsOtherwise(BiFunction<Counting, Instant, Counting> otherwise) {
            this.otherwise = otherwise;
        }

        @Override
        final Families families(Instant now) {
            return new Families(this, now) {
                @Override
                JobState childrenEnded(JobState parent, int completed, int failed, int cancelled) {
                    return otherwise.apply(super::childrenEnded, now).after(parent, completed, failed, cancelled);
                }
            };
        }
    }

    private static JobState awake(JobState parent) {
        return States.phase(parent, new Phase.Waiting(parent.family().place().orElseThrow()));
    }

    /** F2: those that end together don't see one another, so that each counts the others as open. */
    static final class CountsNaively extends CountsOtherwise {
        CountsNaively() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                int together = completed + failed + cancelled;
                return together > 1
                        ? right.after(parent, Math.min(1, completed), completed > 0 ? 0 : 1, 0)
                        : right.after(parent, completed, failed, cancelled);
            });
        }
    }

    /** F2: every end of a child wakes the parent. */
    static final class WakesEachTime extends CountsOtherwise {
        WakesEachTime() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.phase() instanceof Phase.WaitingForChildren ? awake(after) : after;
            });
        }
    }

    /** F2: an end of a child wakes a parent that somebody holds. */
    static final class WakesTheRunning extends CountsOtherwise {
        WakesTheRunning() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.phase() instanceof Phase.Running ? awake(after) : after;
            });
        }
    }

    /** F2: the last child wakes a parent that was cancelled. */
    static final class WakesTheEnded extends CountsOtherwise {
        WakesTheEnded() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.status().isEnded() && after.family().openChildren() == 0 ? awake(after) : after;
            });
        }
    }

    /** F2: the last child ends its parent. */
    static final class EndsTheParent extends CountsOtherwise {
        EndsTheParent() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.family().openChildren() == 0 && !after.status().isEnded()
                        ? States.completed(after, now)
                        : after;
            });
        }
    }

    /** F3: whatever the policy, the first failure wakes the parent. */
    static final class FailsFastAlways extends CountsOtherwise {
        FailsFastAlways() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.phase() instanceof Phase.WaitingForChildren && failed + cancelled > 0
                        ? awake(after)
                        : after;
            });
        }
    }

    /** F3: more than are tolerated are too many, however many are open. */
    static final class JudgesEarly extends CountsOtherwise {
        JudgesEarly() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                Family.Fan fan = after.family().fan().orElseThrow();
                boolean tooMany = fan.counts().failed() + fan.counts().cancelled()
                        > fan.policy().tolerated();
                return after.phase() instanceof Phase.WaitingForChildren && tooMany ? awake(after) : after;
            });
        }
    }

    /** F3: every parent is patient. */
    static final class NeverFailsFast extends CountsOtherwise {
        NeverFailsFast() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                boolean fast = after.family().fan().orElseThrow().policy().equals(FanIn.FAIL_FAST)
                        && parent.phase() instanceof Phase.WaitingForChildren
                        && after.family().openChildren() > 0;
                return fast ? States.phase(after, parent.phase()) : after;
            });
        }
    }

    /** F3: cancelled is as good as completed. */
    static final class TakesCancelledForCompleted extends CountsOtherwise {
        TakesCancelledForCompleted() {
            super((right, now) ->
                    (parent, completed, failed, cancelled) -> right.after(parent, completed + cancelled, failed, 0));
        }
    }

    /** F6: a job that has a parent is nobody's parent. */
    static final class CountsForRootsOnly extends CountsOtherwise {
        CountsForRootsOnly() {
            super((right, now) -> (parent, completed, failed, cancelled) ->
                    parent.family().parent().isPresent() ? parent : right.after(parent, completed, failed, cancelled));
        }
    }

    /** F7: a counter that is too low makes the ends of children fail. */
    static final class FallsBelowZero extends CountsOtherwise {
        FallsBelowZero() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                Children.Counts before = parent.family().fan().orElseThrow().counts();
                int open = before.open() - completed - failed - cancelled;
                if (open < 0) {
                    throw new IllegalStateException("counts of children must not be negative, but were: open " + open);
                }
                return right.after(parent, completed, failed, cancelled);
            });
        }
    }

    /** J12: a parent that is woken queues up behind what has come since. */
    static final class SendsTheWokenToTheEnd extends CountsOtherwise {
        SendsTheWokenToTheEnd() {
            super((right, now) -> (parent, completed, failed, cancelled) -> {
                JobState after = right.after(parent, completed, failed, cancelled);
                return after.phase() instanceof Phase.Waiting && parent.phase() instanceof Phase.WaitingForChildren
                        ? States.phase(after, new Phase.Waiting(now))
                        : after;
            });
        }
    }

    /** F2: whatever fan-out a child is of, its parent counts it. */
    static final class CountsFormerFanOuts extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean isOfFan(JobState parent, Family.Parent link) {
                    return parent.family().fan().isPresent();
                }
            };
        }
    }

    /** F2: each of those that wake a parent together says so. */
    static final class SaysMoreThanOnceThatItWoke extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                List<Integer> wakers(List<Integer> writes) {
                    return writes;
                }
            };
        }
    }

    /** F2: a parent that another's transaction has locked is counted, or retried, all the same. */
    static final class WritesToLockedParents extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean isBusy(JobWrite write, JobRow row, JobState next) {
                    return false;
                }
            };
        }
    }

    /** F5: what is cancelled is not counted. */
    static final class ForgetsTheCancelled extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean hasEnded(JobState before, JobState after) {
                    return super.hasEnded(before, after) && after.status() != JobStatus.CANCELLED;
                }
            };
        }
    }

    /** F5: a repeat counts once more. */
    static final class CountsRepeats extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                void note(int write, JobState before, Transition transition) {
                    super.note(write, before, transition);
                    if (transition instanceof Transition.Repeated
                            && before.status().isEnded()
                            && before.family().parent().isPresent()) {
                        count(write, before);
                    }
                }
            };
        }
    }

    /** F5: a write counts whether it was refused or not. */
    static final class CountsTheRefused extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                void note(int write, JobState before, Transition transition) {
                    super.note(write, before, transition);
                    if (transition instanceof Transition.Refused
                            && before.family().parent().isPresent()) {
                        count(write, States.ended(before, JobStatus.FAILED, now));
                    }
                }
            };
        }
    }

    /** F5: every failed attempt counts. */
    static final class CountsEveryFailure extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                void note(int write, JobState before, Transition transition) {
                    super.note(write, before, transition);
                    if (transition instanceof Transition.Moved moved
                            && moved.job().phase() instanceof Phase.Waiting
                            && before.family().parent().isPresent()) {
                        count(write, States.ended(before, JobStatus.FAILED, now));
                    }
                }
            };
        }
    }
}
