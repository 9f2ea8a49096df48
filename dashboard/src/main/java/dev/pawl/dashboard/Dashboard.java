package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.embed.Pawl;
import java.time.Instant;
import java.util.EnumSet;
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
 * <p>It is read-only unless {@linkplain DashboardBuilder#actions actions are switched on}, and for this machine only unless the host says
 * {@linkplain DashboardBuilder#access who asks}. At most four questions are asked of the database at a time, each is given up after eight seconds, and
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

    Dashboard(Settings settings) {
        LongSupplier nanos = System::nanoTime;
        this.settings = settings;
        this.asking = threads("pawl-dashboard", settings.questions(), WAITING_QUESTIONS);
        this.auditing = threads("pawl-dashboard-audit", 1, 1);
        this.timer = new ScheduledThreadPoolExecutor(1, named("pawl-dashboard-events"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.documents = new Documents(settings.redaction(), settings.hidden());
        this.reads = new Reads(settings, nanos);
        this.audits = new Audits(settings.auditor(), settings.hidden(), auditing, nanos);
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
    public static DashboardBuilder of(Pawl pawl) {
        return new DashboardBuilder(pawl);
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
}
