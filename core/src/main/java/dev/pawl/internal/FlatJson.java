package dev.pawl.internal;

import dev.pawl.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON that Pawl itself writes and reads: an array, or an object, of texts and nulls. */
public final class FlatJson {
    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /** {@code ["a",null]}. */
    public static Json array(List<@Nullable String> texts) {
        StringJoiner array = new StringJoiner(",", "[", "]");
        for (String text : texts) {
            array.add(quoted(text));
        }
        return Json.wellFormed(array.toString());
    }

    /** {@code {"name":"text","other":null}}. */
    public static Json object(Map<String, @Nullable String> fields) {
        return Json.wellFormed(fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
                .collect(Collectors.joining(",", "{", "}")));
    }

    /**
     * Reads an array.
     *
     * @throws IllegalArgumentException if it is no array of texts and nulls
     */
    public static List<@Nullable String> array(Json json) {
        FlatJson reader = new FlatJson(json.text());
        List<@Nullable String> texts = new ArrayList<>();
        reader.each('[', ']', () -> texts.add(reader.value()));
        return texts;
    }

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException if it is no object of texts and nulls
     */
    public static Map<String, @Nullable String> object(Json json) {
        FlatJson reader = new FlatJson(json.text());
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        reader.each('{', '}', () -> {
            String name = reader.string();
            reader.expect(':');
            fields.put(name, reader.value());
        });
        return fields;
    }

    private void each(char open, char close, Runnable one) {
        expect(open);
        if (!taken(close)) {
            do {
                one.run();
            } while (taken(','));
            expect(close);
        }
        space();
        if (at < text.length()) {
            throw unexpected();
        }
    }

    private @Nullable String value() {
        space();
        if (text.startsWith("null", at)) {
            at += "null".length();
            return null;
        }
        return string();
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            string.append(c == '\\' ? escaped() : c);
        }
        throw unexpected();
    }

    private char escaped() {
        if (at == text.length()) {
            throw unexpected();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw unexpected();
        }
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw unexpected();
        }
    }

    private boolean taken(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException(
                "not what Pawl wrote, at character " + (at + 1) + ": " + Checks.shown(text));
    }

    private static String quoted(@Nullable String string) {
        if (string == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder(string.length() + 2).append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
