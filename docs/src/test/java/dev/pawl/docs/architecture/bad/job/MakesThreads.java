package dev.pawl.docs.architecture.bad.job;

import dev.pawl.docs.architecture.bad.lease.Floor;

public final class MakesThreads {
    Thread make(Floor floor) {
        return new Thread(floor);
    }
}
