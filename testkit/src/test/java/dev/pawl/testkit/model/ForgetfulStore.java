package dev.pawl.testkit.model;

import dev.pawl.store.Answer;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.testkit.ForwardingJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes every release for a failure, so that the attempt is not given back. */
final class ForgetfulStore extends ForwardingJobStore {
    ForgetfulStore(JobStore real) {
        super(real);
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        return super.write(writes.stream().map(ForgetfulStore::forget).toList());
    }

    private static JobWrite forget(JobWrite write) {
        return write instanceof JobWrite.Release release && release.delay().isZero()
                ? new JobWrite.Fail(
                        release.job(),
                        release.fence(),
                        release.stage(),
                        ErrorInfo.of("given back"),
                        Optional.of(Duration.ZERO))
                : write;
    }
}
