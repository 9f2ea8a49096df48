package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import java.time.Instant;
import java.util.Optional;

/** Changed copies of states and writes, past all rules: what broken stores are made of. */
final class States {
    private States() {}

    static JobState phase(JobState job, Phase phase) {
        return of(job, job.stage(), job.attempt(), job.takeovers(), job.token(), job.progressNo(), phase);
    }

    static JobState counters(JobState job, int attempt, int takeovers) {
        return of(job, job.stage(), attempt, takeovers, job.token(), job.progressNo(), job.phase());
    }

    static JobState token(JobState job, Optional<FencingToken> token) {
        return of(job, job.stage(), job.attempt(), job.takeovers(), token, job.progressNo(), job.phase());
    }

    static JobState progressNo(JobState job, long number) {
        return of(job, job.stage(), job.attempt(), job.takeovers(), job.token(), number, job.phase());
    }

    static JobState stage(JobState job, int stage) {
        return of(job, stage, job.attempt(), job.takeovers(), job.token(), job.progressNo(), job.phase());
    }

    static JobState completed(JobState job, Instant at) {
        Phase end = new Phase.Ended(JobStatus.COMPLETED, at);
        return of(job, job.stages(), job.attempt(), job.takeovers(), job.token(), 0, end);
    }

    private static JobState of(
            JobState job,
            int stage,
            int attempt,
            int takeovers,
            Optional<FencingToken> token,
            long progressNo,
            Phase phase) {
        return new JobState(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                stage,
                attempt,
                takeovers,
                job.priority(),
                token,
                progressNo,
                job.since(),
                phase,
                job.family());
    }

    static JobState ended(JobState job, JobStatus as, Instant at) {
        return phase(job, new Phase.Ended(as, at));
    }

    /** At a place of its own in the order of claims. */
    static JobState place(JobState job, Instant place) {
        Family family = job.family();
        return job.with(new Family(family.parent(), Optional.of(place), family.fan()));
    }

    static JobState withoutFan(JobState job) {
        Family family = job.family();
        return job.with(new Family(family.parent(), family.place(), Optional.empty()));
    }

    static JobState children(JobState job, Children.Counts counts) {
        Family family = job.family();
        Family.Fan fan = family.fan().orElseThrow();
        return job.with(new Family(
                family.parent(), family.place(), Optional.of(new Family.Fan(fan.by(), fan.policy(), counts))));
    }

    /** The job as if it were held by the fence. */
    static JobState heldBy(JobState job, Fence fence, Instant until) {
        Phase.Running running =
                new Phase.Running(fence.holder(), until, job.phase().dueAt().orElse(until));
        return of(
                job,
                job.stage(),
                job.attempt(),
                job.takeovers(),
                Optional.of(fence.token()),
                job.progressNo(),
                running);
    }

    static Phase.Running until(Phase.Running running, Instant expiresAt) {
        return new Phase.Running(running.holder(), expiresAt, running.due());
    }

    /** The write as if it were of another holder. */
    static JobWrite by(JobWrite write, Fence fence) {
        if (write instanceof JobWrite.Renew w) {
            return new JobWrite.Renew(w.job(), fence, w.length());
        }
        if (write instanceof JobWrite.SaveProgress w) {
            return new JobWrite.SaveProgress(w.job(), fence, w.stage(), w.number(), w.progress(), w.length());
        }
        if (write instanceof JobWrite.Checkpoint w) {
            return new JobWrite.Checkpoint(w.job(), fence, w.stage(), w.result(), w.length());
        }
        if (write instanceof JobWrite.Fail w) {
            return new JobWrite.Fail(w.job(), fence, w.stage(), w.error(), w.retryIn());
        }
        if (write instanceof JobWrite.FanOut w) {
            return new JobWrite.FanOut(w.job(), fence, w.stage(), w.policy(), w.children());
        }
        if (write instanceof JobWrite.AwaitChildren w) {
            return new JobWrite.AwaitChildren(w.job(), fence, w.stage());
        }
        if (write instanceof JobWrite.CancelChildren w) {
            return new JobWrite.CancelChildren(w.job(), fence, w.stage(), w.most(), w.length());
        }
        return write instanceof JobWrite.Release w ? new JobWrite.Release(w.job(), fence, w.stage(), w.delay()) : write;
    }

    /** The write as if it were for another stage. */
    static JobWrite at(JobWrite write, int stage) {
        if (write instanceof JobWrite.SaveProgress w) {
            return new JobWrite.SaveProgress(w.job(), w.fence(), stage, w.number(), w.progress(), w.length());
        }
        if (write instanceof JobWrite.Checkpoint w) {
            return new JobWrite.Checkpoint(w.job(), w.fence(), stage, w.result(), w.length());
        }
        if (write instanceof JobWrite.Fail w) {
            return new JobWrite.Fail(w.job(), w.fence(), stage, w.error(), w.retryIn());
        }
        if (write instanceof JobWrite.FanOut w) {
            return new JobWrite.FanOut(w.job(), w.fence(), stage, w.policy(), w.children());
        }
        if (write instanceof JobWrite.AwaitChildren w) {
            return new JobWrite.AwaitChildren(w.job(), w.fence(), stage);
        }
        if (write instanceof JobWrite.CancelChildren w) {
            return new JobWrite.CancelChildren(w.job(), w.fence(), stage, w.most(), w.length());
        }
        return write instanceof JobWrite.Release w ? new JobWrite.Release(w.job(), w.fence(), stage, w.delay()) : write;
    }
}
