package dev.pawl.worker;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners; what one throws is logged and harms nobody. */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<WorkerListener> all;

    Listeners(List<WorkerListener> all) {
        this.all = List.copyOf(all);
    }

    void tell(Consumer<WorkerListener> event) {
        for (WorkerListener listener : all) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error failure) { // which must not end the thread that claims, or keep a job
                log.warn("worker listener {} failed", listener, failure);
            }
        }
    }
}
