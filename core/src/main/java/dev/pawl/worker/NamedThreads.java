package dev.pawl.worker;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads with names that say whose they are. */
final class NamedThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger number = new AtomicInteger();

    NamedThreads(WorkerSettings settings, String role) {
        this(settings.queue(), role);
    }

    NamedThreads(String whose, String role) {
        this.name = "pawl-" + whose + "-" + role;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
