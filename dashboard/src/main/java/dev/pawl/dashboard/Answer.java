package dev.pawl.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * An answer as it is sent. Immutable.
 *
 * @param body JSON
 * @param etag a weak one, of all but when it was read
 * @param asOf when it was read
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(byte[] body, String etag, Optional<String> asOf) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Answer of(ObjectNode node) {
        Optional<String> asOf = Optional.ofNullable(node.get("asOf")).map(JsonNode::asText);
        ObjectNode content = node.deepCopy();
        content.remove("asOf");
        if (content.get("stats") instanceof ObjectNode stats) {
            withoutTimes(stats);
        } else if (content.has("series")) {
            withoutTimes(content);
        }
        return new Answer(bytes(node), "W/" + PageFile.etag(bytes(content)), asOf);
    }

    private static void withoutTimes(ObjectNode stats) {
        stats.remove("asOf");
        stats.remove("to");
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of nodes is JSON", impossible);
        }
    }

    /** Reads a request's body. */
    static JsonNode read(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw Problem.of(400, "bad-request", "The body must be JSON, but is not.");
        }
    }
}
