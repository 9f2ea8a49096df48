package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Recorded;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stores that break a rule of leases, each one thing only. */
final class BrokenLeases {
    private BrokenLeases() {}

    /** L1: a claim takes what another holds. */
    static final class ClaimsWhatIsHeld extends InMemoryJobStore {
        @Override
        boolean isClaimable(JobState job, Instant now) {
            return job.phase().dueAt().filter(due -> !due.isAfter(now)).isPresent();
        }
    }

    /** L1: one token for all jobs of a claim, drawn once per statement. */
    static final class DrawsOneTokenPerClaim extends InMemoryJobStore {
        private final Map<String, FencingToken> byHolder = new HashMap<>();

        @Override
        FencingToken nextToken(JobState job, String holder) {
            return byHolder.computeIfAbsent(holder, claim -> super.nextToken(job, claim));
        }
    }

    /** L1: the holder is the worker, and not the claim. */
    static final class NamesTheWorkerOnly extends InMemoryJobStore {
        @Override
        JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
            String worker = request.holder().substring(0, request.holder().indexOf('#'));
            return super.claimed(
                    job,
                    runs,
                    token,
                    ClaimRequest.everywhere(request.queue(), request.runs(), worker, request.length(), 1),
                    now);
        }
    }

    /** L2: the token was drawn before the row was locked, and the one before was faster. */
    static final class TokenDrawnLow extends InMemoryJobStore {
        @Override
        JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
            JobState claimed = super.claimed(job, runs, token, request, now);
            long low = job.token().map(last -> Math.max(1, last.value() - 1)).orElse(token.value());
            return States.token(claimed, Optional.of(new FencingToken(low)));
        }
    }

    /** L2: who lets go takes the token along. */
    static final class ForgetsTheToken extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean running = next.phase() instanceof Phase.Running;
            return super.afterWrite(row, write, running ? next : States.token(next, Optional.empty()), now);
        }
    }

    /** L3: nobody is asked who they are. */
    static final class ForgetsFencing extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Fenced fenced && !job.status().isEnded()
                    ? write.on(States.heldBy(job, fenced.fence(), now), recorded, now)
                    : write.on(job, recorded, now);
        }
    }

    /** L3: as long as it runs, anybody may write. */
    static final class GuardsByStatus extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            JobWrite asHolder =
                    job.fence().map(fence -> States.by(write, fence)).orElse(write);
            return asHolder.on(job, recorded, now);
        }
    }

    /** L3: the last token is enough, also without a lease. */
    static final class GuardsByTokenOnly extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean sameToken = write instanceof JobWrite.Fenced fenced
                    && job.token().equals(Optional.of(fenced.fence().token()));
            return sameToken && !job.status().isEnded()
                    ? write.on(States.heldBy(job, ((JobWrite.Fenced) write).fence(), now), recorded, now)
                    : write.on(job, recorded, now);
        }
    }

    /** L3: the name is enough. */
    static final class GuardsByHolderOnly extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            Optional<Fence> current = job.fence()
                    .filter(fence -> write instanceof JobWrite.Fenced fenced
                            && fenced.fence().holder().equals(fence.holder()));
            return current.map(fence -> States.by(write, fence)).orElse(write).on(job, recorded, now);
        }
    }

    /** L3: a write is for whatever stage the job is at. */
    static final class ForgetsTheStage extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean known = recorded.isPresent() || job.status().isEnded();
            return (known ? write : States.at(write, job.stage())).on(job, recorded, now);
        }
    }

    /** L3: the queue is not a part of the key. */
    static final class FindsByUuidAlone extends InMemoryJobStore {
        @Override
        Optional<JobRow> lookUp(JobId id) {
            return rows().filter(row -> row.state().id().uuid().equals(id.uuid()))
                    .findFirst();
        }
    }

    /** L4: a renewal counts from now, even if that is less. */
    static final class RenewalShortens extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            Transition transition = super.decide(write, job, recorded, now);
            boolean moved = transition instanceof Transition.Moved && write instanceof JobWrite.Renew;
            return moved ? new Transition.Moved(shortened(job, ((JobWrite.Renew) write).length(), now)) : transition;
        }

        private static JobState shortened(JobState job, Duration length, Instant now) {
            return States.phase(job, States.until((Phase.Running) job.phase(), now.plus(length)));
        }
    }

    /** L4: a checkpoint sets the lease, even if that is less. */
    static final class CheckpointShortens extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            Transition transition = super.decide(write, job, recorded, now);
            return transition instanceof Transition.Moved moved
                            && moved.job().phase() instanceof Phase.Running running
                            && write instanceof JobWrite.Checkpoint done
                    ? new Transition.Moved(States.phase(moved.job(), States.until(running, now.plus(done.length()))))
                    : transition;
        }
    }

    /** L4: who is late is lost. */
    static final class RefusesTheLate extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean late = write instanceof JobWrite.Fenced
                    && job.phase() instanceof Phase.Running running
                    && !running.expiresAt().isAfter(now);
            return late
                    ? new Transition.Refused(new Refusal.Released(job.since()))
                    : super.decide(write, job, recorded, now);
        }
    }

    /** L4: a claimer's clock is a little fast. */
    static final class TakesBeforeTheExpiry extends InMemoryJobStore {
        @Override
        boolean isClaimable(JobState job, Instant now) {
            return super.isClaimable(job, job.phase() instanceof Phase.Running ? now.plusMillis(1) : now);
        }
    }

    /** L5: the claimer's own clock times the lease. */
    static final class TimesByTheCallersClock extends InMemoryJobStore {
        @Override
        JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
            return super.claimed(job, runs, token, request, now.plusSeconds(7));
        }
    }

    /** L6: the claim looks at new and waiting jobs only. */
    static final class ClaimsNoExpiredLease extends InMemoryJobStore {
        @Override
        boolean isClaimable(JobState job, Instant now) {
            return job.status() != JobStatus.RUNNING && super.isClaimable(job, now);
        }
    }

    /** L6: a takeover is a claim like any other, and leaves no trace. */
    static final class HidesTakeovers extends InMemoryJobStore {
        @Override
        JobRow afterClaim(JobRow row, JobState next, Runs runs, Instant now) {
            return row.state(States.counters(next, next.attempt(), row.state().takeovers()))
                    .startedBy(now);
        }
    }

    /** L6: a claimer gets what it can't run. */
    static final class ClaimsUnknownPipelines extends InMemoryJobStore {
        @Override
        Optional<Runs> runsOf(JobState job, ClaimRequest request) {
            return Optional.of(Runs.asIs(job.pipeline(), job.version(), job.stages()));
        }
    }

    /** L6: a job is adopted, and keeps what it had at a stage that is another now. */
    static final class AdoptsHalfway extends InMemoryJobStore {
        @Override
        JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
            JobState claimed = super.claimed(job, runs, token, request, now);
            return States.progressNo(claimed, job.progressNo());
        }
    }

    /** L6: an adopted job begins its stage anew, even if that is the same stage. */
    static final class StartsOverAlways extends InMemoryJobStore {
        @Override
        JobRow afterClaim(JobRow row, JobState next, Runs runs, Instant now) {
            JobRow after = super.afterClaim(row, next, runs, now);
            return runs.version() == runs.asVersion() ? after : after.progress(Optional.empty());
        }
    }

    /** L6: what a bound has hidden once stays hidden. */
    static final class RemembersTheBounds extends InMemoryJobStore {
        private final Map<Integer, ClaimRequest.Place> kept = new HashMap<>();

        @Override
        boolean isWithin(Map<Integer, ClaimRequest.Place> bounds, JobState job) {
            kept.putAll(bounds);
            ClaimRequest.Place from = kept.get(job.priority());
            return from == null || super.isWithin(Map.of(job.priority(), from), job);
        }
    }

    /** L7: lost is lost, whatever the reason. */
    static final class SaysMissingOnly extends InMemoryJobStore {
        @Override
        Answer answer(JobWrite write, Transition transition) {
            return transition instanceof Transition.Refused
                    ? new Answer.Refused(new Refusal.Missing())
                    : super.answer(write, transition);
        }
    }

    /** L7: a conflict looks like a lost lease. */
    static final class TakesConflictsForLosses extends InMemoryJobStore {
        @Override
        Answer answer(JobWrite write, Transition transition) {
            return transition instanceof Transition.Refused refused
                            && refused.refusal().reason() == Refusal.Reason.CONFLICT
                    ? new Answer.Refused(new Refusal.Missing())
                    : super.answer(write, transition);
        }
    }

    /** L7: what was refused is told to nobody later. */
    static final class DropsReports extends InMemoryJobStore {
        @Override
        JobRow reported(JobRow row, RefusedWrite write, Instant now) {
            return row;
        }
    }

    /** L9: a checkpoint under the same token counts as this one's, whoever was issued that token. */
    static final class KnowsRepeatsByTokenAlone extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return super.decide(write, job, recorded.map(checkpoint -> ofTheWriter(checkpoint, write)), now);
        }

        private static Recorded ofTheWriter(Recorded checkpoint, JobWrite write) {
            boolean sameToken = write instanceof JobWrite.Fenced fenced
                    && fenced.fence().token().equals(checkpoint.fence().token());
            return sameToken
                    ? new Recorded(checkpoint.stage(), ((JobWrite.Fenced) write).fence(), checkpoint.result())
                    : checkpoint;
        }
    }
}
