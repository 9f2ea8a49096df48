package dev.pawl.testkit;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a logger says, until it is closed. */
public final class Logged implements AutoCloseable {
    private final Logger logger;
    private final Events events = new Events();
    private final String whose;

    private Logged(Logger logger, String whose) {
        this.logger = logger;
        this.whose = whose;
    }

    /** Only what begins with those words, since other tests may run at the same time. */
    public static Logged by(String name, String whose) {
        // while another thread makes the very first logger, there are only substitutes to be had
        await().until(() -> LoggerFactory.getLogger(name) instanceof Logger);
        Logged logged = new Logged((Logger) LoggerFactory.getLogger(name), whose);
        logged.logger.setLevel(Level.INFO);
        logged.events.start();
        logged.logger.addAppender(logged.events);
        return logged;
    }

    private static final class Events extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(event);
        }
    }

    public List<String> all() {
        return events.all.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.startsWith(whose))
                .toList();
    }

    public List<String> warnings() {
        return events.all.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.startsWith(whose))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
    }
}
