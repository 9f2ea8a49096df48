package dev.pawl.testkit.fanout;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Connections of processes that go in step: the first time that each has written back its own rows, it waits for the others to
 * have done so, too. They wait for locks for far longer than PostgreSQL takes to find a circle.
 */
final class SteppedStatements {
    private static final String WRITES_OWN_ROWS = "stage = w.stage,";

    private final int processes;
    private final CyclicBarrier step;
    private final AtomicInteger arrived = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    SteppedStatements(int processes) {
        this.processes = processes;
        this.step = new CyclicBarrier(processes);
    }

    /** What statements have failed with. */
    Queue<String> failures() {
        return failures;
    }

    DataSource over(DataSource real) {
        return proxy(DataSource.class, (proxy, method, args) -> {
            Object result = call(real, method, args);
            return result instanceof Connection connection ? over(connection) : result;
        });
    }

    private Connection over(Connection real) {
        boolean[] hasWritten = new boolean[1];
        return proxy(Connection.class, (proxy, method, args) -> {
            if (!method.getName().equals("prepareStatement")) {
                return call(real, method, args);
            }
            if (hasWritten[0] && arrived.getAndIncrement() < processes) {
                step.await(30, TimeUnit.SECONDS);
            }
            String sql = (String) args[0];
            hasWritten[0] = sql.contains(WRITES_OWN_ROWS);
            args[0] = sql.replace("lock_timeout = '200ms'", "lock_timeout = '20s'");
            return over((PreparedStatement) call(real, method, args));
        });
    }

    private PreparedStatement over(PreparedStatement real) {
        return proxy(PreparedStatement.class, (proxy, method, args) -> {
            try {
                return call(real, method, args);
            } catch (SQLException failure) {
                failures.add(failure.getSQLState() + ": " + failure.getMessage());
                throw failure;
            }
        });
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
