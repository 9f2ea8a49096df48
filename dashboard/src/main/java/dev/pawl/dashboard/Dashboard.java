package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.audit.Auditor;
import dev.pawl.embed.Pawl;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Where is my job, in a browser: a page, and a JSON API, over a {@link Pawl}. Mount {@link #servlet()} at any path of a container, or let
 * {@link DashboardServer} serve it.
 *
 * <p>It is read-only unless {@linkplain Builder#actions actions are switched on}, and for this machine only unless the host says
 * {@linkplain Builder#access who asks}. At most four questions are asked of the database at a time, each is given up after eight seconds, and
 * answers are kept for a moment, so that many open pages cost no more than one. Safe for use by many threads.
 */
public final class Dashboard implements AutoCloseable {
    private static final int WAITING_QUESTIONS = 128;

    private final Settings settings;
    private final ThreadPoolExecutor asking;
    private final ThreadPoolExecutor auditing;
    private final ScheduledThreadPoolExecutor timer;
    private final Documents documents;
    private final Reads reads;
    private final Audits audits;
    private final Memo<Answer> answers;
    private final Events events;
    private final Gate gate;
    private final Csrf csrf;
    private final Rates requests;
    private final Rates actions;
    private final Routes routes;

    private Dashboard(Settings settings) {
        LongSupplier nanos = System::nanoTime;
        this.settings = settings;
        this.asking = threads("pawl-dashboard", settings.questions(), WAITING_QUESTIONS);
        this.auditing = threads("pawl-dashboard-audit", 1, 1);
        this.timer = new ScheduledThreadPoolExecutor(1, named("pawl-dashboard-events"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.documents = new Documents(settings.redaction(), settings.hidden());
        this.reads = new Reads(settings, nanos);
        this.audits = new Audits(settings.auditor(), auditing, nanos);
        this.answers = new Memo<>(asking, settings.patience(), nanos);
        this.gate = new Gate(settings.access());
        this.csrf = new Csrf(settings.csrfKey());
        this.requests = new Rates(settings.requests(), nanos);
        this.actions = new Rates(settings.actionsPerSecond(), nanos);
        Api api = new Api(settings, reads, audits, documents);
        this.routes = new Routes(api, new Actions(settings, audits, api.scanAnswers(), nanos), audits);
        this.events = new Events(timer, this::howThingsAre, settings.refresh(), settings.streams());
    }

    /**
     * Describes a dashboard: read-only, for this machine only.
     *
     * @param pawl of what; is not closed with it
     * @return a description to complete, and build
     */
    public static Builder of(Pawl pawl) {
        return new Builder(pawl);
    }

    /**
     * For a container.
     *
     * @return a new servlet, to be mounted at any path followed by {@code /*}, asynchronous requests being supported. It may be
     *     destroyed; the dashboard is to be closed apart
     */
    public DashboardServlet servlet() {
        return new DashboardServlet(this);
    }

    /** Ends its threads and lets go of all open pages. Repeating it does nothing. */
    @Override
    public void close() {
        events.close();
        audits.stop();
        timer.shutdownNow();
        asking.shutdownNow();
        auditing.shutdown();
    }

    boolean isForThisMachineOnly() {
        return settings.access().isEmpty();
    }

    Gate gate() {
        return gate;
    }

    Csrf csrf() {
        return csrf;
    }

    Rates requests() {
        return requests;
    }

    Events events() {
        return events;
    }

    Routes routes() {
        return routes;
    }

    ObjectNode session(Visitor visitor, String token) {
        Set<Permission> permissions = EnumSet.of(Permission.VIEW);
        permissions.addAll(settings.actions());
        permissions.retainAll(visitor.permissions());
        return new Fields()
                .put("user", visitor.id())
                .put("name", visitor.name())
                .put("permissions", permissions, permission -> Fields.string(permission.name()))
                .put("actions", !settings.actions().isEmpty())
                .put("csrfToken", token)
                .put("payloads", documents.shown())
                .put("title", settings.title())
                .put("refreshMs", settings.refresh().toMillis())
                .put("asOf", Instant.now())
                .node();
    }

    /** What was asked, from what is kept, or anew. */
    Answer read(Routes.Route route, Routes.Call call) {
        String key = String.join("/", call.path())
                + '?'
                + call.parameters().canonical()
                + (route.personal() ? "#" + call.visitor().id() : "");
        return answers.get(
                key,
                settings.refresh().dividedBy(2),
                () -> Answer.of(route.answer().apply(call)));
    }

    /** Refuses what the visitor may not do, or is not switched on. */
    void checkAllowed(Routes.Route route, Visitor visitor) {
        if (route.permission().isEmpty()) {
            return;
        }
        Permission needed = route.permission().get();
        if (!settings.actions().contains(needed)) {
            throw Problem.of(
                    403,
                    "forbidden",
                    "This dashboard does not allow " + needed
                            + ": its host has not switched it on (Dashboard.actions).");
        }
        if (!visitor.permissions().contains(needed)) {
            throw Problem.of(
                    403, "forbidden", visitor.name() + " may not do this: it needs the permission " + needed + ".");
        }
        actions.take(visitor.id());
    }

    Answer act(Routes.Route route, Routes.Call call) {
        Future<Answer> doing;
        try {
            doing = asking.submit(() -> Answer.of(route.answer().apply(call)));
        } catch (RejectedExecutionException full) {
            throw Problem.tooSlow("Too much is being asked of the database: nothing was done. Ask again in a moment.");
        }
        try {
            return doing.get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Problem.tooSlow("The database has not answered within "
                    + settings.patience().toSeconds() + " s. Whether it was done is not known: look, and ask again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.tooSlow("The dashboard is being closed. Whether it was done is not known.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            reads.forget();
            answers.forget();
        }
    }

    /** For the pages' events: other text, other state. Shares its answers with the pages that ask for them then. */
    private String howThingsAre() {
        return etag("v1/dashboard/overview") + etag("v1/dashboard/job-progress") + etag("v1/scans") + etag("v1/audit");
    }

    private String etag(String path) {
        Routes.Route route = routes.find("GET", Routes.parts(path));
        return read(
                        route,
                        new Routes.Call(
                                Routes.parts(path),
                                Parameters.of(null, Set.of()),
                                MissingNode.getInstance(),
                                Visitor.viewer("events")))
                .etag();
    }

    private static ThreadPoolExecutor threads(String name, int most, int waiting) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), named(name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** What a dashboard is to be like. Each method returns the same builder. For use by one thread. */
    public static final class Builder {
        private final Pawl pawl;
        private Auditor auditor;
        private String title = "Pawl";
        private Set<Permission> actions = Set.of();
        private Optional<Access> access = Optional.empty();
        private Optional<Redaction> redaction = Optional.empty();
        private boolean hidden;
        private Duration refresh = Duration.ofSeconds(2);
        private Duration patience = Duration.ofSeconds(8);
        private int streams = 200;
        private int requests = 100;
        private byte[] csrfKey = Csrf.newKey();

        private Builder(Pawl pawl) {
            this.pawl = Objects.requireNonNull(pawl, "pawl");
            this.auditor = pawl.auditor();
        }

        /**
         * The host's authentication and authorisation. Without it the dashboard answers requests of this machine only, that no proxy
         * passed on, and their visitor is {@code local}, who may do all that is switched on.
         *
         * @param hook says who asks, and what they may do
         * @return this
         */
        public Builder access(Access hook) {
            access = Optional.of(hook);
            return this;
        }

        /**
         * Switches actions on, for those visitors who have the permission.
         *
         * @param permissions which; none of them is on unless it is named here
         * @return this
         */
        public Builder actions(Permission... permissions) {
            Set<Permission> on = EnumSet.noneOf(Permission.class);
            on.addAll(Set.of(permissions));
            on.remove(Permission.VIEW);
            actions = on;
            return this;
        }

        /**
         * Switches all actions on, for those visitors who have the permission.
         *
         * @return this
         */
        public Builder allActions() {
            return actions(Permission.values());
        }

        /**
         * What is shown of payloads, saved positions and results.
         *
         * @param function says what is shown instead of each
         * @return this
         */
        public Builder redaction(Redaction function) {
            redaction = Optional.of(function);
            return this;
        }

        /**
         * Shows no payload, saved position or result, and no key of a scan's rows.
         *
         * @return this
         */
        public Builder hidePayloads() {
            hidden = true;
            return this;
        }

        /**
         * Audits and plans by this one, which may have evidence and other limits.
         *
         * @param other of the same Pawl
         * @return this
         */
        public Builder auditor(Auditor other) {
            auditor = Objects.requireNonNull(other, "auditor");
            return this;
        }

        /**
         * What the page is called.
         *
         * @param name for people: the service's, say
         * @return this
         */
        public Builder title(String name) {
            title = Objects.requireNonNull(name, "title");
            return this;
        }

        /**
         * How often open pages are told what has changed; two seconds unless told otherwise. Answers are kept for half of that.
         *
         * @param interval 100 ms to a minute
         * @return this
         */
        public Builder refresh(Duration interval) {
            if (interval.compareTo(Duration.ofMillis(100)) < 0 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(
                        "the interval of a dashboard must be 100 ms to a minute, but was " + interval);
            }
            refresh = interval;
            return this;
        }

        /**
         * How long a question to the database may take; eight seconds unless told otherwise. Who asks is then told to ask again.
         *
         * @param limit 100 ms to a minute
         * @return this
         */
        public Builder patience(Duration limit) {
            if (limit.compareTo(Duration.ofMillis(100)) < 0 || limit.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(
                        "the time limit of a dashboard's questions must be 100 ms to a minute, but was " + limit);
            }
            patience = limit;
            return this;
        }

        /**
         * How many pages are told of changes at a time; 200 unless told otherwise. More of them ask at intervals.
         *
         * @param most 0 to 10,000
         * @return this
         */
        public Builder openPages(int most) {
            if (most < 0 || most > 10_000) {
                throw new IllegalArgumentException(
                        "the open pages of a dashboard must be 0 to 10000, but were " + most);
            }
            streams = most;
            return this;
        }

        /**
         * How many requests a visitor may make in a second, on average over four; 100 unless told otherwise. Of actions a tenth.
         *
         * @param most 1 to 1,000,000
         * @return this
         */
        public Builder requestsPerSecond(int most) {
            if (most < 1 || most > 1_000_000) {
                throw new IllegalArgumentException(
                        "the requests per second of a dashboard must be 1 to 1000000, but were " + most);
            }
            requests = most;
            return this;
        }

        /**
         * The key by which tokens of actions are made: the same in all processes behind one address. Random unless told otherwise.
         *
         * @param secret 32 bytes or more
         * @return this
         */
        public Builder csrfKey(byte[] secret) {
            if (secret.length < 32) {
                throw new IllegalArgumentException(
                        "the key of a dashboard must have 32 bytes or more, but had " + secret.length);
            }
            csrfKey = secret.clone();
            return this;
        }

        /**
         * Makes it. It has threads while somebody asks, and does nothing while nobody does.
         *
         * @return to be closed before its Pawl
         */
        public Dashboard build() {
            return new Dashboard(new Settings(
                    pawl,
                    auditor,
                    title,
                    actions,
                    access,
                    redaction,
                    hidden,
                    refresh,
                    patience,
                    4,
                    streams,
                    requests,
                    Math.max(1, requests / 10),
                    csrfKey));
        }
    }
}
