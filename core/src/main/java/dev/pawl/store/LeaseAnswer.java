package dev.pawl.store;

import dev.pawl.lease.BusyException;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import java.util.Objects;

/** What became of a holder's write to a named lease. */
public sealed interface LeaseAnswer {
    /**
     * It was renewed.
     *
     * @param lease as it is now, with its length from the store's answer on
     */
    record Renewed(Lease lease) implements LeaseAnswer {
        /** Checks that nothing is missing. */
        public Renewed {
            Objects.requireNonNull(lease, "lease");
        }
    }

    /** It was given back. */
    record Released() implements LeaseAnswer {}

    /**
     * The writer has it no more: nothing was written.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements LeaseAnswer {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    /** Somebody's transaction has the row locked. Nothing was written; the lease is not lost. */
    record Busy() implements LeaseAnswer {
        /**
         * For single calls.
         *
         * @param name what is leased
         * @return the same as an exception
         */
        public BusyException on(String name) {
            return new BusyException("lease '" + name + "'");
        }
    }
}
