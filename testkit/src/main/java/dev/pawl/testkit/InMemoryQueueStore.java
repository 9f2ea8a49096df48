package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.store.QueueStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The queues of an {@link InMemoryJobStore}. Safe for use by many threads. */
public final class InMemoryQueueStore implements QueueStore {
    private final Map<String, Pause> paused = new ConcurrentHashMap<>();
    private final TestTime time;

    InMemoryQueueStore(TestTime time) {
        this.time = time;
    }

    /** Who paused a queue, and when. */
    record Pause(Actor by, Instant since) {}

    @Override
    public void pause(String queue, Actor by) {
        paused.putIfAbsent(queue, new Pause(by, time.now()));
    }

    @Override
    public void resume(String queue, Actor by) {
        paused.remove(queue);
    }

    @Override
    public boolean isPaused(String queue) {
        return paused.containsKey(queue);
    }

    /** The one who paused the queue; the first, if several did. */
    Optional<Actor> pausedBy(String queue) {
        return Optional.ofNullable(paused.get(queue)).map(Pause::by);
    }

    /** Those that are paused, by name. */
    Map<String, Pause> paused() {
        return new TreeMap<>(paused);
    }
}
