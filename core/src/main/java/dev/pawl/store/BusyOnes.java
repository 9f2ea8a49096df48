package dev.pawl.store;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** What was found to be locked by somebody the last time, and so may be locked still. Safe for use by many threads. */
final class BusyOnes<K> {
    private static final int MOST = 1_000;

    private final Set<K> busy = new LinkedHashSet<>();

    synchronized boolean hasAnyOf(Collection<K> keys) {
        return !busy.isEmpty() && keys.stream().anyMatch(busy::contains);
    }

    /** Forgets the eldest where there are too many: it is found to be busy once more, then. */
    synchronized void busy(Collection<K> keys) {
        busy.addAll(keys);
        while (busy.size() > MOST) {
            busy.remove(busy.iterator().next());
        }
    }

    synchronized void free(Collection<K> keys) {
        if (!busy.isEmpty()) {
            busy.removeAll(keys);
        }
    }
}
