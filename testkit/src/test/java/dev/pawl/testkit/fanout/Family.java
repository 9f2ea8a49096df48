package dev.pawl.testkit.fanout;

import dev.pawl.job.JobId;
import java.util.List;

/** A parent that waits, and its children, all of which are held. */
record Family(JobId parent, List<Holding> children) {
    Holding child(int number) {
        return children.get(number);
    }
}
