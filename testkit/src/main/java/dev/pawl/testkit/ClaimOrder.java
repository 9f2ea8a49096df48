package dev.pawl.testkit;

import dev.pawl.store.ClaimRequest.Place;
import dev.pawl.store.JobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/** The order of claims (rule J12): priority, due time, id. */
final class ClaimOrder {
    /** PostgreSQL's order of UUIDs, by unsigned bytes; Java's own compares the halves as signed numbers. */
    static final Comparator<UUID> UUIDS = ClaimOrder::compare;

    private static final Comparator<Place> PLACES =
            Comparator.comparing(Place::dueAt).thenComparing(Place::id, UUIDS);

    /** Of jobs that are due: an ended one has no place. */
    static final Comparator<JobState> COMPARATOR =
            Comparator.comparingInt(JobState::priority).reversed().thenComparing(ClaimOrder::placeOf, PLACES);

    private ClaimOrder() {}

    static boolean isAtOrAfter(JobState job, Place bound) {
        return job.phase().dueAt().isPresent() && PLACES.compare(placeOf(job), bound) >= 0;
    }

    private static Place placeOf(JobState job) {
        Instant due = job.phase().dueAt().orElseThrow();
        return new Place(due, job.id().uuid());
    }

    /** By their bytes, as PostgreSQL has them. */
    static int compare(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }
}
