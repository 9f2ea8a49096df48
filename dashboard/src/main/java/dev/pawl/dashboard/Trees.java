package dev.pawl.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Json;
import java.io.IOException;

/**
 * JSON as a tree of nodes, in which everything is as it was written: digits that no double holds, keys in their order, and those that
 * come twice. Large ones are cut, and say where.
 */
final class Trees {
    private static final int NODES = 5_000;
    private static final int WIDE = 500;
    private static final int DEEP = 64;
    private static final int LONG = 4_000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private int left = NODES;
    private boolean cut;

    private Trees() {}

    /** A tree, and whether something of the JSON is not in it. */
    record Tree(ObjectNode node, boolean cut) {}

    static Tree of(Json json) throws IOException {
        Trees trees = new Trees();
        try (JsonParser parser = FACTORY.createParser(json.text())) {
            parser.nextToken();
            ObjectNode node = trees.value(parser, 0);
            return new Tree(node, trees.cut);
        }
    }

    private ObjectNode value(JsonParser parser, int depth) throws IOException {
        left--;
        JsonToken token = parser.currentToken();
        Fields node = new Fields();
        if (token == null) {
            throw new IOException("there is no JSON in it");
        }
        switch (token) {
            case START_OBJECT -> entries(parser, depth, node.put("type", "object"));
            case START_ARRAY -> items(parser, depth, node.put("type", "array"));
            case VALUE_STRING -> string(node.put("type", "string"), parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> string(node.put("type", "number"), parser.getText());
            case VALUE_TRUE -> node.put("type", "true");
            case VALUE_FALSE -> node.put("type", "false");
            case VALUE_NULL -> node.put("type", "null");
            default -> throw new IOException("there is no value at " + token);
        }
        return node.node();
    }

    private void string(Fields node, String text) {
        int end = text.length() <= LONG
                ? text.length()
                : Character.isHighSurrogate(text.charAt(LONG - 1)) ? LONG - 1 : LONG;
        node.put("text", text.substring(0, end));
        more(node, text.length() - end);
    }

    private void entries(JsonParser parser, int depth, Fields node) throws IOException {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        int skipped = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            if (isFull(entries, depth)) {
                parser.skipChildren();
                skipped++;
            } else {
                entries.add(new Fields()
                        .put("key", JobAnswers.cut(key, LONG))
                        .put("value", value(parser, depth + 1))
                        .node());
            }
        }
        more(node.put("entries", entries), skipped);
    }

    private void items(JsonParser parser, int depth, Fields node) throws IOException {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        int skipped = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (isFull(items, depth)) {
                parser.skipChildren();
                skipped++;
            } else {
                items.add(value(parser, depth + 1));
            }
        }
        more(node.put("items", items), skipped);
    }

    private boolean isFull(ArrayNode siblings, int depth) {
        return siblings.size() >= WIDE || left <= 0 || depth >= DEEP;
    }

    private void more(Fields node, int skipped) {
        if (skipped > 0) {
            node.put("more", skipped);
            cut = true;
        }
    }
}
