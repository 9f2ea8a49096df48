package dev.pawl.testkit;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Timed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;

/** Pawl on a test's database. */
final class JdbiPawls {
    private static final String NEXT = """
            select min(at)
              from (select case when holder is null then due_at else lease_expires_at end as at
                      from pawl.job
                     where due_at is not null
                 union all
                    select taken_until
                      from pawl.lease) events
             where at > ?
            """;

    private JdbiPawls() {}

    /** By the database's clock. */
    static JdbiPawl open(DataSource source) {
        return settings(source).open();
    }

    /** In a test's time. */
    static JdbiPawl open(DataSource source, ManualTime time) {
        time.looksAheadAt(now -> next(source, now));
        JdbiPawl.Settings settings = settings(source);
        ((Timed) settings).time(() -> Optional.of(time.now()));
        return settings.open();
    }

    private static JdbiPawl.Settings settings(DataSource source) {
        JdbiPawl.Settings settings = JdbiPawl.with(source).codec(Codecs.standard());
        ((Timed) settings).unwarned();
        return settings;
    }

    private static Optional<Instant> next(DataSource source, Instant now) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("could not see what lies ahead of " + now, failure);
        }
    }
}
