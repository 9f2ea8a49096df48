package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.FencingToken;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanStore.Seen;
import dev.pawl.store.ScanWrite;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Statements on scans, by name, and their rows as values. */
final class ScanSql {
    private static final String COLUMNS = """
            name, keyset, step, token, holder, lap, cursor, lap_end, lap_rows, lap_pages, lap_started_at, last_page_at, \
            last_wrap_at, last_lap_rows, nudged_at, failed_attempts, failed_since, failed_error, failed_token, retry_at, \
            failing, failed_last, failed_rows, failed_goes_on, since\
            """;

    private static final String VALUES = """
            :name, :keyset, :step, :token, cast(:holder as text), :lap, cast(:cursor as json), cast(:lap_end as json), \
            :lap_rows, :lap_pages, cast(:lap_started_at as timestamptz), cast(:last_page_at as timestamptz), \
            cast(:last_wrap_at as timestamptz), :last_lap_rows, cast(:nudged_at as timestamptz), :failed_attempts, \
            cast(:failed_since as timestamptz), cast(:failed_error as text), cast(:failed_token as bigint), \
            cast(:retry_at as timestamptz), :failing, cast(:failed_last as json), cast(:failed_rows as integer), \
            cast(:failed_goes_on as boolean), :since\
            """;

    /** Of a page with a successor, under its guard. */
    static final String MOVE = """
               update <schema>.scan
                  set step = step + 1,
                      cursor = cast(:cursor as json),
                      lap_rows = lap_rows + :rows,
                      lap_pages = lap_pages + 1,
                      last_page_at = t.now,
                      failed_attempts = 0,
                      failed_since = null,
                      failed_error = null,
                      failed_token = null,
                      retry_at = null,
                      failing = false,
                      failed_last = null,
                      failed_rows = null,
                      failed_goes_on = null
                 from (select <now> as now) as t
                where name = :name
                  and token = :token
                  and holder = :holder
                  and step = :step
                  and lap_end is not null
            """;

    private final Handle handle;
    private final @Nullable Instant time;

    ScanSql(Handle handle, @Nullable Instant time) {
        this.handle = handle;
        this.time = time;
    }

    /** The scan, whose row is then this transaction's. */
    Optional<Seen> lock(String scan) {
        return find(scan, " for no key update");
    }

    Optional<Seen> find(String scan) {
        return find(scan, "");
    }

    private Optional<Seen> find(String scan, String lock) {
        return handle.createQuery("select " + COLUMNS + ", <now> from <schema>.scan where name = :name" + lock)
                .bind("name", scan)
                .bind("now", SqlArrays.time(time))
                .map((row, context) -> seen(row))
                .findOne();
    }

    List<ScanState> all() {
        return handle.createQuery("select " + COLUMNS + ", <now> from <schema>.scan order by name")
                .bind("now", SqlArrays.time(time))
                .map((row, context) -> seen(row).scan())
                .list();
    }

    Instant now() {
        return handle.createQuery("select <now>")
                .bind("now", SqlArrays.time(time))
                .map((row, context) -> Objects.requireNonNull(time(row, 1)))
                .one();
    }

    /** Whether it was not there. */
    boolean insert(ScanState scan) {
        return bound(
                                handle.createUpdate("insert into <schema>.scan (" + COLUMNS + ") values (" + VALUES
                                        + ") on conflict (name) do nothing"),
                                scan)
                        .execute()
                == 1;
    }

    /**
     * What the pure transition makes of a page that was handled, and that others follow, for the walker who holds the scan at this
     * step; whatever else is the case, nothing is written.
     */
    Optional<Seen> move(ScanWrite.Move move) {
        return handle.createQuery(MOVE + "returning " + COLUMNS + ", t.now")
                .bind("cursor", text(move.last()))
                .bind("rows", move.rows())
                .bind("name", move.scan())
                .bind("token", move.fence().token().value())
                .bind("holder", move.fence().holder())
                .bind("step", move.step())
                .bind("now", SqlArrays.time(time))
                .map((row, context) -> seen(row))
                .findOne();
    }

    /** The row is locked, so that it is there. */
    void update(ScanState scan) {
        int rows = bound(
                        handle.createUpdate(
                                "update <schema>.scan set (" + COLUMNS + ") = (" + VALUES + ") where name = :name"),
                        scan)
                .execute();
        if (rows != 1) {
            throw new IllegalStateException(
                    "scan " + scan.name() + " was locked, but its update changed " + rows + " rows");
        }
    }

    void record(SkippedPage skipped) {
        FailedPage page = skipped.page();
        FailedPage.Bounds bounds = page.bounds().orElseThrow();
        handle.createUpdate("""
                        insert into <schema>.scan_skip (scan, step, lap, cursor, last, rows, goes_on, failed_attempts,
                               failed_since, failed_error, failed_token, retry_at, failing, by_user, at)
                        values (:scan, :step, :lap, cast(:cursor as json), cast(:last as json), :rows, :goes_on, :attempts,
                               :since, :error, :token, :retry_at, :failing, cast(:by as text), :at)
                        """)
                .bind("scan", page.scan())
                .bind("step", page.step())
                .bind("lap", page.lap())
                .bind("cursor", text(page.after()))
                .bind("last", bounds.last().text())
                .bind("rows", bounds.rows())
                .bind("goes_on", bounds.hasSuccessor())
                .bind("attempts", page.attempts())
                .bind("since", SqlArrays.time(page.since()))
                .bind("error", page.error())
                .bind("token", page.token().value())
                .bind("retry_at", SqlArrays.time(page.retryAt()))
                .bind("failing", page.failing())
                .bind("by", JobWrites.user(skipped.by()))
                .bind("at", SqlArrays.time(skipped.at()))
                .execute();
    }

    List<SkippedPage> skipped(String scan, int max) {
        return handle.createQuery("""
                          select scan, step, lap, cursor, last, rows, goes_on, failed_attempts, failed_since, failed_error,
                                 failed_token, retry_at, failing, by_user, at
                            from <schema>.scan_skip
                           where scan = :scan
                        order by id desc
                           limit :max
                        """)
                .bind("scan", scan)
                .bind("max", max)
                .map((row, context) -> skipped(row))
                .list();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, ScanState scan) {
        Lap lap = scan.lap();
        Optional<FailedPage> failed = scan.failed();
        Optional<FailedPage.Bounds> bounds = failed.flatMap(FailedPage::bounds);
        return statement
                .bind("name", scan.name())
                .bind("keyset", scan.keyset())
                .bind("step", scan.step())
                .bind("token", scan.token().value())
                .bind("holder", scan.holder().orElse(null))
                .bind("since", SqlArrays.time(scan.since()))
                .bind("lap", lap.number())
                .bind("cursor", text(lap.cursor()))
                .bind("lap_end", text(lap.end()))
                .bind("lap_rows", lap.rows())
                .bind("lap_pages", lap.pages())
                .bind("lap_started_at", SqlArrays.time(lap.startedAt().orElse(null)))
                .bind("last_page_at", SqlArrays.time(scan.lastPageAt().orElse(null)))
                .bind("last_wrap_at", SqlArrays.time(scan.lastWrapAt().orElse(null)))
                .bind("last_lap_rows", scan.lastLapRows())
                .bind("nudged_at", SqlArrays.time(scan.nudgedAt().orElse(null)))
                .bind("failed_attempts", failed.map(FailedPage::attempts).orElse(0))
                .bind(
                        "failed_since",
                        SqlArrays.time(failed.map(FailedPage::since).orElse(null)))
                .bind("failed_error", failed.map(FailedPage::error).orElse(null))
                .bind("failed_token", failed.map(page -> page.token().value()).orElse(null))
                .bind("retry_at", SqlArrays.time(failed.map(FailedPage::retryAt).orElse(null)))
                .bind("failing", failed.map(FailedPage::failing).orElse(false))
                .bind("failed_last", bounds.map(b -> b.last().text()).orElse(null))
                .bind("failed_rows", bounds.map(FailedPage.Bounds::rows).orElse(null))
                .bind(
                        "failed_goes_on",
                        bounds.map(FailedPage.Bounds::hasSuccessor).orElse(null));
    }

    static Seen seen(ResultSet row) throws SQLException {
        Lap lap = new Lap(
                row.getLong(6),
                json(row, 7),
                json(row, 8),
                row.getLong(9),
                row.getLong(10),
                Optional.ofNullable(time(row, 11)));
        ScanState scan = new ScanState(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                new FencingToken(row.getLong(4)),
                Optional.ofNullable(row.getString(5)),
                Objects.requireNonNull(time(row, 25)),
                lap,
                Optional.ofNullable(time(row, 12)),
                Optional.ofNullable(time(row, 13)),
                row.getLong(14),
                Optional.ofNullable(time(row, 15)),
                failed(row, lap));
        return new Seen(scan, Objects.requireNonNull(time(row, 26)));
    }

    private static Optional<FailedPage> failed(ResultSet row, Lap lap) throws SQLException {
        int attempts = row.getInt(16);
        if (attempts == 0) {
            return Optional.empty();
        }
        Optional<Json> last = json(row, 22);
        return Optional.of(new FailedPage(
                row.getString(1),
                row.getLong(3),
                lap.number(),
                lap.cursor(),
                last.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new FailedPage.Bounds(last.get(), row.getInt(23), row.getBoolean(24))),
                attempts,
                row.getString(18),
                new FencingToken(row.getLong(19)),
                Objects.requireNonNull(time(row, 17)),
                Objects.requireNonNull(time(row, 20)),
                row.getBoolean(21)));
    }

    private static SkippedPage skipped(ResultSet row) throws SQLException {
        FailedPage page = new FailedPage(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                json(row, 4),
                Optional.of(new FailedPage.Bounds(Json.wellFormed(row.getString(5)), row.getInt(6), row.getBoolean(7))),
                row.getInt(8),
                row.getString(10),
                new FencingToken(row.getLong(11)),
                Objects.requireNonNull(time(row, 9)),
                Objects.requireNonNull(time(row, 12)),
                row.getBoolean(13));
        String user = row.getString(14);
        return new SkippedPage(
                page, user == null ? Actor.SYSTEM : Actor.user(user), Objects.requireNonNull(time(row, 15)));
    }

    private static @Nullable String text(Optional<Json> json) {
        return json.map(Json::text).orElse(null);
    }

    private static Optional<Json> json(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(Json::wellFormed);
    }

    static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
