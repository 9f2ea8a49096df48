package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** A JSON object under construction, in which what is not there is left out. */
final class Fields {
    private final ObjectNode node = JsonNodeFactory.instance.objectNode();

    Fields put(String name, String value) {
        node.put(name, value);
        return this;
    }

    Fields put(String name, long value) {
        node.put(name, value);
        return this;
    }

    Fields put(String name, boolean value) {
        node.put(name, value);
        return this;
    }

    Fields put(String name, Instant value) {
        return put(name, value.toString());
    }

    Fields put(String name, Enum<?> value) {
        return put(name, value.name());
    }

    Fields put(String name, JsonNode value) {
        node.set(name, value);
        return this;
    }

    <T> Fields put(String name, Collection<T> values, Function<? super T, ? extends JsonNode> each) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> list.add(each.apply(value)));
        return put(name, list);
    }

    /** As its text. */
    Fields text(String name, Optional<?> value) {
        value.ifPresent(present -> put(name, present.toString()));
        return this;
    }

    <T> Fields maybe(String name, Optional<T> value, Function<? super T, ? extends JsonNode> how) {
        value.ifPresent(present -> put(name, how.apply(present)));
        return this;
    }

    /** A length of time; one that a clock set back made negative is none. */
    static JsonNode millis(Duration length) {
        return LongNode.valueOf(Math.max(0, length.toMillis()));
    }

    static JsonNode string(String value) {
        return TextNode.valueOf(value);
    }

    ObjectNode node() {
        return node;
    }
}
