package dev.pawl.docs.architecture.bad.job;

import java.time.Instant;

final class ReadsTheClock {
    Instant read() {
        return Instant.now();
    }
}
