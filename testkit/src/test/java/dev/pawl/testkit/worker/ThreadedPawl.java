package dev.pawl.testkit.worker;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.store.JsonValues;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.worker.WorkerContext;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pawl in memory with real threads, over a store that the test can hold up: what a worker does, without a database. */
final class ThreadedPawl extends Pawl {
    private final InMemoryJobStore memory;
    private final HeldUpStore store;
    private final ExecutorService threads;

    private ThreadedPawl(InMemoryJobStore memory, HeldUpStore store, ExecutorService threads) {
        super(new Parts(
                store,
                memory.queues(),
                memory.leases(),
                memory.scans(),
                memory.views(),
                memory.audits(),
                new TextCodec(),
                JsonValues.STANDARD_LIMIT,
                "test",
                InstantSource.system(),
                threads));
        this.memory = memory;
        this.store = store;
        this.threads = threads;
    }

    static ThreadedPawl open() {
        InMemoryJobStore memory = InMemoryJobStore.create();
        return new ThreadedPawl(memory, new HeldUpStore(memory), Executors.newCachedThreadPool());
    }

    InMemoryJobStore memory() {
        return memory;
    }

    HeldUpStore store() {
        return store;
    }

    WorkerContext parts() {
        return context();
    }

    @Override
    public void close() {
        store.letAllGo();
        super.close();
        threads.shutdownNow();
    }

    /** Strings, as JSON strings without escapes. */
    private static final class TextCodec implements JsonCodec {
        @Override
        public Json write(Object value) {
            return Json.of("\"" + value + "\"");
        }

        @Override
        public <T> T read(Json json, Class<T> type) {
            String text = json.text();
            return type.cast(text.substring(1, text.length() - 1));
        }
    }
}
