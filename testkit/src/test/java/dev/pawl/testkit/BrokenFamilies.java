package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.ChildRow;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import dev.pawl.store.Recorded;
import dev.pawl.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores that break a rule of how children come to be, or of what a parent may do, each one thing only. */
final class BrokenFamilies {
    private BrokenFamilies() {}

    /** F1: a repeat starts the children again. */
    static final class StartsChildrenAgain extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                void start(JobWrite.FanOut write, Transition transition) {
                    if (!(transition instanceof Transition.Refused)) {
                        insert(write);
                    }
                }
            };
        }
    }

    /** F1: the children are written first, and by themselves. */
    static final class StartsChildrenFirst extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            if (write instanceof JobWrite.FanOut fanOut && job.family().fan().isEmpty()) {
                JobRow parent = lookUp(job.id()).orElseThrow().state(States.place(job, now));
                fanOut.children()
                        .forEach(child -> put(JobRow.child(child, child.payload(), parent, fanOut.fence(), now)));
            }
            return super.decide(write, job, recorded, now);
        }
    }

    /** F1: a stage may fan out again, and forgets its first children. */
    static final class FansOutTwice extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean second = write instanceof JobWrite.FanOut fanOut
                    && !job.family().fan().map(Family.Fan::by).equals(Optional.of(fanOut.fence()));
            return super.decide(write, second ? States.withoutFan(job) : job, recorded, now);
        }
    }

    /** F1: who fanned out keeps the lease, and a worker, while its children run. */
    static final class HoldsOnWhileChildrenRun extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            return super.afterWrite(
                    row,
                    write,
                    write instanceof JobWrite.FanOut
                            ? States.phase(next, row.state().phase())
                            : next,
                    now);
        }
    }

    /** F1: the join finds the progress of the split. */
    static final class KeepsTheProgressOfTheSplit extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobRow after = super.afterWrite(row, write, next, now);
            return write instanceof JobWrite.FanOut ? after.progress(row.progress()) : after;
        }
    }

    /** F1: a child is any job's that fanned out in its parent's place. */
    static final class MixesUpFanOuts extends InMemoryJobStore {
        @Override
        Stream<JobRow> children(JobId parent, FencingToken fan) {
            return rows().filter(row -> row.state()
                    .family()
                    .parent()
                    .filter(link -> link.id().equals(parent.uuid()))
                    .isPresent());
        }
    }

    /** F1: pages are in Java's order of strings. */
    static final class OrdersKeysLikeJava extends InMemoryJobStore {
        @Override
        List<ChildRow> page(Stream<JobRow> children, Optional<String> after, int limit) {
            return super.page(children, Optional.empty(), Integer.MAX_VALUE).stream()
                    .sorted(Comparator.comparing(ChildRow::key))
                    .filter(child -> after.isEmpty() || child.key().compareTo(after.get()) > 0)
                    .limit(limit)
                    .toList();
        }
    }

    /** F1: no page ever ends. */
    static final class PagesFromTheStart extends InMemoryJobStore {
        @Override
        List<ChildRow> page(Stream<JobRow> children, Optional<String> after, int limit) {
            return super.page(children, Optional.empty(), limit);
        }
    }

    /** F3: cancelled is as bad as failed, also where it is asked who failed. */
    static final class TellsOfTheCancelledAsFailed extends InMemoryJobStore {
        @Override
        boolean isFailed(JobRow child) {
            return super.isFailed(child) || child.state().status() == JobStatus.CANCELLED;
        }
    }

    /** F3: a child that completed in the end is told with the failure of its first attempt. */
    static final class TellsFailuresOfTheCompleted extends InMemoryJobStore {
        @Override
        List<ChildRow> page(Stream<JobRow> children, Optional<String> after, int limit) {
            return super.page(children, after, limit).stream().map(this::told).toList();
        }

        private ChildRow told(ChildRow child) {
            Optional<String> any = lookUp(child.id()).orElseThrow().troubles().stream()
                    .map(trouble -> trouble.error().message())
                    .findFirst();
            return new ChildRow(child.key(), child.id(), child.status(), child.result(), any);
        }
    }

    /** F3: a join is checkpointed while its children run. */
    static final class JoinsOverOpenChildren extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean join =
                    write instanceof JobWrite.Checkpoint && job.family().fan().isPresent();
            return super.decide(
                    write, join ? States.children(job, new Children.Counts(0, 0, 0, 0)) : job, recorded, now);
        }
    }

    /** F3: children are cancelled for whoever asks. */
    static final class CancelsForAnybody extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.CancelChildren && !job.status().isEnded()
                    ? new Transition.Moved(job)
                    : super.decide(write, job, recorded, now);
        }
    }

    /** F3: who cancels many children loses the lease over it. */
    static final class CancelsWithoutRenewing extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            return super.afterWrite(row, write, write instanceof JobWrite.CancelChildren ? row.state() : next, now);
        }
    }

    /** F3: all children are cancelled in one step, however many there are. */
    static final class CancelsAllAtOnce extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                int mostAtOnce(int most) {
                    return Integer.MAX_VALUE;
                }
            };
        }
    }

    /** F4: without children there is nobody to wake the parent. */
    static final class WaitsForNobody extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean forNobody =
                    write instanceof JobWrite.FanOut fanOut && fanOut.children().isEmpty();
            Phase never = new Phase.Waiting(now.plus(Duration.ofDays(36_500)));
            return super.afterWrite(row, write, forNobody ? States.phase(next, never) : next, now);
        }
    }

    /** F7: the verdict goes by the counter. */
    static final class JudgesByTheCounter extends InMemoryJobStore {
        @Override
        Children.Counts counted(JobId parent, FencingToken fan) {
            return lookUp(parent)
                    .flatMap(row -> row.state().family().fan())
                    .map(Family.Fan::counts)
                    .orElseGet(() -> super.counted(parent, fan));
        }
    }

    /** F7: a parent that was woken too early waits for as many as its counter said. */
    static final class WaitsWithoutCounting extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                JobState recounted(JobState parent, Children.Counts rows) {
                    return super.recounted(
                            parent, parent.family().fan().orElseThrow().counts());
                }
            };
        }
    }

    /** F7: a child that ends in the call that recounts is counted as open, and then taken down from what is left. */
    static final class RecountsWhatHasEnded extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                JobState recounted(JobState parent, Children.Counts rows) {
                    Children.Counts later =
                            FamilyTree.count(currentChildren(lookUp(parent.id()).orElseThrow()));
                    return super.recounted(parent, later);
                }
            };
        }
    }

    /** J6: a failed parent is retried, and its children are not. */
    static final class RetriesTheParentAlone extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean isRetried(JobState child) {
                    return false;
                }
            };
        }
    }

    /** J6: a retried parent waits for what has completed, too. */
    static final class WaitsForTheCompletedAgain extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                JobState childrenRetried(JobState parent, List<JobRow> children) {
                    return super.childrenRetried(
                            parent,
                            children.isEmpty()
                                    ? children
                                    : currentChildren(lookUp(parent.id()).orElseThrow())
                                            .toList());
                }
            };
        }
    }

    /** J6: a tree is retried above open grandchildren. */
    static final class RetriesOverOpenChildren extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                Stream<Refusal> whyNotRetried(JobRow below) {
                    return Stream.empty();
                }
            };
        }
    }

    /** J6: a child is retried whatever its parent does. */
    static final class RetriesUnderAnyParent extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                Optional<JobState> childRetried(JobState parent, JobState child) {
                    return super.childRetried(parent, child).or(() -> Optional.of(parent));
                }
            };
        }
    }

    /** J6: a child that is retried is not counted as open again. */
    static final class ForgetsToCountTheRetried extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                Optional<JobState> childRetried(JobState parent, JobState child) {
                    return super.childRetried(parent, child).map(counted -> parent);
                }
            };
        }
    }

    /** J7: what a cancelled job leaves behind runs on. */
    static final class LeavesOrphans extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean leavesOrphans(JobState parent) {
                    return false;
                }
            };
        }
    }

    /** J7: all open children are taken for orphans. */
    static final class CancelsChildrenOfTheLiving extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                boolean leavesOrphans(JobState parent) {
                    return parent.family().openChildren() > 0;
                }
            };
        }
    }

    /** J12: children queue up behind what has come since. */
    static final class SendsChildrenToTheEnd extends InMemoryJobStore {
        @Override
        Families families(Instant now) {
            return new Families(this, now) {
                @Override
                JobRow child(NewChild child, JobRow parent, JobWrite.FanOut write) {
                    return super.child(child, parent.state(States.place(parent.state(), now)), write);
                }
            };
        }
    }
}
