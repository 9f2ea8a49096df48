package dev.pawl.docs.architecture.bad.lease;

import dev.pawl.docs.architecture.bad.job.MakesThreads;

final class ReadsBack {
    MakesThreads later() {
        return new MakesThreads();
    }
}
