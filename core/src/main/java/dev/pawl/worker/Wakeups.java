package dev.pawl.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to be told that a queue may have work. A hint: polling finds everything without it. Safe for use by many
 * threads.
 */
public final class Wakeups {
    private final Map<String, List<Runnable>> byQueue = new ConcurrentHashMap<>();

    /** Nobody yet. */
    public Wakeups() {}

    /**
     * Tells that a queue may have work.
     *
     * @param queue its name
     */
    public void wake(String queue) {
        byQueue.getOrDefault(queue, List.of()).forEach(Runnable::run);
    }

    /** Tells that every queue may have work. */
    public void wakeAll() {
        byQueue.keySet().forEach(this::wake);
    }

    /**
     * Asks to be told.
     *
     * @param queue its name
     * @param wake quick, and safe for use by many threads
     */
    public void add(String queue, Runnable wake) {
        byQueue.computeIfAbsent(queue, name -> new CopyOnWriteArrayList<>()).add(wake);
    }

    /**
     * Asks no longer.
     *
     * @param queue its name
     * @param wake as it was added
     */
    public void remove(String queue, Runnable wake) {
        List<Runnable> added = byQueue.get(queue);
        if (added != null) {
            added.remove(wake);
        }
    }
}
