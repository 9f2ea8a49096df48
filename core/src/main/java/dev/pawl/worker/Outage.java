package dev.pawl.worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the store fails, and once that it is back, however often it is asked meanwhile. Safe for use by many threads. */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);

    private final String whose;
    private boolean goesOn;

    Outage(String whose) {
        this.whose = whose;
    }

    synchronized void failed(String what, RuntimeException failure) {
        if (goesOn) {
            log.debug("{} could not {}", whose, what, failure);
        } else {
            goesOn = true;
            log.warn("{} could not {}, tries on, and says so when it is over: {}", whose, what, failure.toString());
        }
    }

    synchronized void answered() {
        if (goesOn) {
            goesOn = false;
            log.info("{} has the store back", whose);
        }
    }
}
