package dev.pawl.testkit.network;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.testkit.PostgresProxy;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections that no pool keeps. */
final class Unpooled {
    private Unpooled() {}

    /** To the database of a test's pool, through a proxy. */
    static DataSource through(DataSource pool, PostgresProxy proxy) throws SQLException {
        PGSimpleDataSource direct =
                (PGSimpleDataSource) pool.unwrap(HikariDataSource.class).getDataSource();
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.initializeFrom(direct);
        } catch (IOException | ClassNotFoundException failure) {
            throw new SQLException("could not copy " + direct, failure);
        }
        source.setServerNames(new String[] {proxy.host()});
        source.setPortNumbers(new int[] {proxy.port()});
        return source;
    }
}
