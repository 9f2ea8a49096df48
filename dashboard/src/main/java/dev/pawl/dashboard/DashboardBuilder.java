package dev.pawl.dashboard;

import dev.pawl.audit.Auditor;
import dev.pawl.embed.Pawl;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a {@link Dashboard} is to be like. Each method returns the same builder. For use by one thread. */
public final class DashboardBuilder {
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

    DashboardBuilder(Pawl pawl) {
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
    public DashboardBuilder access(Access hook) {
        access = Optional.of(hook);
        return this;
    }

    /**
     * Switches actions on, for those visitors who have the permission.
     *
     * @param permissions which; none of them is on unless it is named here
     * @return this
     */
    public DashboardBuilder actions(Permission... permissions) {
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
    public DashboardBuilder allActions() {
        return actions(Permission.values());
    }

    /**
     * What is shown of payloads, saved positions and results.
     *
     * @param function says what is shown instead of each
     * @return this
     */
    public DashboardBuilder redaction(Redaction function) {
        redaction = Optional.of(function);
        return this;
    }

    /**
     * Shows no payload, saved position or result, and no key of a scan's rows.
     *
     * @return this
     */
    public DashboardBuilder hidePayloads() {
        hidden = true;
        return this;
    }

    /**
     * Audits and plans by this one, which may have evidence and other limits.
     *
     * @param other of the same Pawl
     * @return this
     */
    public DashboardBuilder auditor(Auditor other) {
        auditor = Objects.requireNonNull(other, "auditor");
        return this;
    }

    /**
     * What the page is called.
     *
     * @param name for people: the service's, say
     * @return this
     */
    public DashboardBuilder title(String name) {
        title = Objects.requireNonNull(name, "title");
        return this;
    }

    /**
     * How often open pages are told what has changed; two seconds unless told otherwise. Answers are kept for half of that. Where the
     * database takes more than a fortieth of it to answer, pages are told as much less often, up to five times.
     *
     * @param interval 100 ms to a minute
     * @return this
     */
    public DashboardBuilder refresh(Duration interval) {
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
    public DashboardBuilder patience(Duration limit) {
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
    public DashboardBuilder openPages(int most) {
        if (most < 0 || most > 10_000) {
            throw new IllegalArgumentException("the open pages of a dashboard must be 0 to 10000, but were " + most);
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
    public DashboardBuilder requestsPerSecond(int most) {
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
    public DashboardBuilder csrfKey(byte[] secret) {
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
