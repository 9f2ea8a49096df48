package dev.pawl.testkit.lease;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a logger says, until it is closed. */
final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    private Logged(Logger logger) {
        this.logger = logger;
    }

    static Logged by(String name) {
        Logged logged = new Logged((Logger) LoggerFactory.getLogger(name));
        logged.logger.setLevel(Level.INFO);
        logged.start();
        logged.logger.addAppender(logged);
        return logged;
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(event);
    }

    List<String> all() {
        return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    List<String> warnings() {
        return events.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
