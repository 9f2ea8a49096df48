package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages when something has changed. One look at the database serves all of them, at intervals, and nobody looks while no page is
 * open. A page costs no thread: what it is to be told waits until it can be written, and a later event takes the place of one that waits.
 */
final class Events implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Events.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A look takes at most one part in so many of the time, as far as the pause after it is no longer than so many intervals. */
    private static final int PARTS = 40;

    private static final int INTERVALS = 5;

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private final Supplier<String> look;
    private final Duration interval;
    private final int most;
    private @Nullable ScheduledFuture<?> beating; // while somebody looks
    private String seen = "";
    private boolean down;
    private long version;
    private boolean closed;

    /**
     * Without pages.
     *
     * @param timer one thread
     * @param look tells by a text how things are; another text means that something has changed
     * @param interval from look to look, at least
     * @param most how many pages at most
     */
    Events(ScheduledExecutorService timer, Supplier<String> look, Duration interval, int most) {
        this.timer = timer;
        this.look = look;
        this.interval = interval;
        this.most = most;
    }

    int open() {
        return streams.size();
    }

    /** Whether somebody looks at the database at intervals. */
    synchronized boolean isLooking() {
        return beating != null;
    }

    void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isAsyncSupported()) {
            throw Problem.notFound(
                    "The container has not switched on asynchronous requests for this servlet: poll instead.");
        }
        if (streams.size() >= most) {
            throw Problem.of(429, "too-many", "There are " + most + " open pages already: poll instead.")
                    .after(interval);
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no"); // some proxies would keep it until it ends
        AsyncContext async = request.startAsync();
        async.setTimeout(LONGEST.toMillis());
        Stream stream = new Stream(async, response.getOutputStream());
        async.addListener(stream);
        begin(stream);
    }

    private synchronized void begin(Stream stream) {
        if (closed) {
            stream.end();
            return;
        }
        streams.add(stream);
        stream.offer(changed());
        stream.out.setWriteListener(stream);
        if (beating == null) {
            plan(interval);
            beating = timer.scheduleAtFixedRate(
                    this::beat, HEARTBEAT.toNanos(), HEARTBEAT.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void round() {
        if (stopIfNobodyIsThere()) {
            return;
        }
        Duration pause = interval;
        try {
            pause = tell();
        } catch (RuntimeException e) {
            log.error("the dashboard's pages could not be told what has changed", e);
        }
        plan(pause);
    }

    private synchronized void plan(Duration pause) {
        if (!closed) {
            ScheduledFuture<?> unused = timer.schedule(this::round, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * How long nobody looks then: the longer, the longer the look took, since a database that answers late has more to do than to be
     * looked at. One that is down is looked for at the interval.
     */
    private Duration pauseAfter(Duration took) {
        Duration enough = took.multipliedBy(PARTS - 1);
        Duration longest = interval.multipliedBy(INTERVALS);
        if (enough.compareTo(longest) > 0) {
            return longest;
        }
        return enough.compareTo(interval) > 0 ? enough : interval;
    }

    /** Returns how long nobody looks after that. */
    private Duration tell() {
        try {
            long begin = System.nanoTime();
            String now = look.get();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            boolean changed;
            synchronized (this) {
                changed = down || !now.equals(seen);
                seen = now;
                down = false;
                version += changed ? 1 : 0;
            }
            if (changed) {
                byte[] event = changed();
                streams.forEach(stream -> stream.offer(event));
            }
            return pauseAfter(took);
        } catch (RuntimeException e) {
            byte[] event = event("down", Failures.problemOf(e).json());
            synchronized (this) {
                down = true;
            }
            streams.forEach(stream -> stream.offer(event));
            return interval;
        }
    }

    private synchronized boolean stopIfNobodyIsThere() {
        if (streams.isEmpty() && beating != null) {
            beating.cancel(false);
            beating = null;
        }
        return beating == null;
    }

    private void beat() {
        byte[] nothing = ":\n\n".getBytes(StandardCharsets.UTF_8);
        streams.forEach(stream -> stream.offerUnlessWaiting(nothing));
    }

    private synchronized byte[] changed() {
        return event(
                "changed",
                new Fields().put("version", version).put("asOf", Instant.now()).node());
    }

    private static byte[] event(String name, ObjectNode data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        streams.forEach(Stream::end);
    }

    /** An open page. */
    private final class Stream implements WriteListener, AsyncListener {
        private final AsyncContext async;
        private final ServletOutputStream out;
        private byte @Nullable [] waiting;
        private boolean ready;
        private boolean unflushed;
        private boolean ended;

        Stream(AsyncContext async, ServletOutputStream out) {
            this.async = async;
            this.out = out;
        }

        synchronized void offer(byte[] event) {
            waiting = event;
            write();
        }

        synchronized void offerUnlessWaiting(byte[] event) {
            if (waiting == null) {
                offer(event);
            }
        }

        @Override
        public synchronized void onWritePossible() {
            ready = true;
            write();
        }

        /** As much as the connection takes now; the container calls again when it takes more. */
        private void write() {
            try {
                while (ready && !ended && (unflushed || waiting != null)) {
                    if (!out.isReady()) {
                        ready = false;
                    } else if (unflushed) {
                        unflushed = false;
                        out.flush();
                    } else if (waiting != null) {
                        byte[] event = waiting;
                        waiting = null;
                        unflushed = true;
                        out.write(event);
                    }
                }
            } catch (IOException | RuntimeException gone) {
                end();
            }
        }

        synchronized void end() {
            streams.remove(this);
            if (!ended) {
                ended = true;
                try {
                    async.complete();
                } catch (IllegalStateException already) {
                    log.debug("an open page was ended by its container", already);
                }
            }
        }

        @Override
        public void onError(Throwable gone) {
            end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            end();
        }

        @Override
        public void onError(AsyncEvent event) {
            end();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            streams.remove(this);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // nobody starts it again
        }
    }
}
