package dev.pawl.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** Gives a thread its connection while it has a transaction, which closing leaves open; else a new one. As frameworks do. */
final class ThreadsTransaction {
    private final DataSource source;
    private final List<Connection> strays = new CopyOnWriteArrayList<>();
    private final Map<Thread, Connection> open = new ConcurrentHashMap<>();

    ThreadsTransaction(DataSource source) {
        this.source = source;
    }

    Connection begin() throws SQLException {
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        open.put(Thread.currentThread(), connection);
        return connection;
    }

    void commit() throws SQLException {
        current().orElseThrow().commit();
        end();
    }

    void rollback() throws SQLException {
        current().orElseThrow().rollback();
        end();
    }

    private void end() throws SQLException {
        current().orElseThrow().close();
        open.remove(Thread.currentThread());
    }

    private Optional<Connection> current() {
        return Optional.ofNullable(open.get(Thread.currentThread()));
    }

    /** What was given to threads without a transaction. */
    List<Connection> strays() {
        return strays;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (proxy, method, args) -> {
            if (current().isPresent()) {
                return left(current().get());
            }
            Connection stray = source.getConnection();
            strays.add(stray);
            return stray;
        });
    }

    private static Connection left(Connection connection) {
        return proxy(Connection.class, (proxy, method, args) -> {
            try {
                return method.getName().equals("close") ? null : method.invoke(connection, args);
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
