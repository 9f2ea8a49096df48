package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.JsonCodec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps values as they are, and writes the number under which it does: for tests without a JSON library. Values must not
 * change after they were written, as records don't.
 */
final class KeepingCodec implements JsonCodec {
    private final List<Object> kept = new CopyOnWriteArrayList<>();

    @Override
    public Json write(Object value) {
        int known = kept.indexOf(value); // equal values have equal JSON
        if (known >= 0) {
            return Json.of(String.valueOf(known));
        }
        synchronized (kept) {
            kept.add(value);
            return Json.of(String.valueOf(kept.size() - 1));
        }
    }

    @Override
    public <T> T read(Json json, Class<T> type) {
        Object value = kept.get(Integer.parseInt(json.text()));
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("can't read as " + type.getName() + " what was written as "
                    + value.getClass().getName() + ": " + value);
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return "codec that keeps values as they are";
    }
}
