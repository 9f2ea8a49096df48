package dev.pawl.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a client has the server run, told from its messages: by text, or by parsing a statement once, under a name, binding it
 * to a portal, and executing that. The thread that reads the client's messages tells it; any may ask what the transaction ran.
 */
final class ClientStatements {
    private final Map<String, String> parsed = new HashMap<>();
    private final Map<String, String> bound = new HashMap<>();
    private final List<String> transaction = new CopyOnWriteArrayList<>();

    /** The statement, or statements, that this message has the server run. */
    Optional<String> runBy(WireMessage message) {
        Optional<String> sql = switch (message.type()) {
            case 'Q' -> Optional.of(message.text(0, 0));
            case 'E' -> Optional.ofNullable(bound.get(message.text(0, 0)));
            default -> {
                prepare(message);
                yield Optional.empty();
            }
        };
        sql.ifPresent(transaction::add);
        return sql;
    }

    private void prepare(WireMessage message) {
        switch (message.type()) {
            case 'P' -> parsed.put(message.text(0, 0), message.text(0, 1));
            case 'B' -> bound.put(message.text(0, 0), parsed.getOrDefault(message.text(0, 1), ""));
            case 'C' -> (message.letter(0) == 'S' ? parsed : bound).remove(message.text(1, 0));
            default -> {
                // of no concern here
            }
        }
    }

    /** What was run since the server last said that no transaction was open. */
    List<String> transaction() {
        return transaction;
    }

    /** The server says that no transaction is open. */
    void transactionIsOver() {
        transaction.clear();
    }
}
