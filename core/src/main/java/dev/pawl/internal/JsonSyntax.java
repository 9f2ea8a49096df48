package dev.pawl.internal;

import java.util.HexFormat;
import java.util.Objects;

/**
 * Says whether text is one JSON value by RFC 8259, and where not. It builds nothing: Pawl keeps JSON as text, and core
 * depends on no JSON library. Nesting is bounded, so that no text can exhaust a stack, here or in the database.
 */
public final class JsonSyntax {
    private static final int DEEPEST = 512;

    private final String text;
    private int at;

    private JsonSyntax(String text) {
        this.text = text;
    }

    /**
     * Checks text.
     *
     * @throws IllegalArgumentException if it isn't one JSON value
     */
    public static void check(String text) {
        Objects.requireNonNull(text, "text");
        JsonSyntax syntax = new JsonSyntax(text);
        syntax.space();
        syntax.value(0);
        syntax.space();
        if (syntax.at < text.length()) {
            throw syntax.expected("the end");
        }
    }

    private void value(int depth) {
        if (depth > DEEPEST) {
            throw expected("nesting of at most " + DEEPEST);
        }
        switch (peek()) {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void members(int depth) {
        at++;
        space();
        if (taken('}')) {
            return;
        }
        do {
            space();
            if (peek() != '"') {
                throw expected("a name in quotes");
            }
            string();
            space();
            require(':');
            space();
            value(depth + 1);
            space();
        } while (taken(','));
        require('}');
    }

    private void elements(int depth) {
        at++;
        space();
        if (taken(']')) {
            return;
        }
        do {
            space();
            value(depth + 1);
            space();
        } while (taken(','));
        require(']');
    }

    private void string() {
        at++;
        while (peek() != '"') {
            char c = peek();
            if (c < ' ') {
                throw expected("a closing quote, or an escape for the control character");
            }
            boolean pair = Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (Character.isSurrogate(c) && !pair) {
                throw expected("a character, not half of one");
            }
            at += pair ? 2 : 1;
            if (c == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() {
        char kind = peek();
        at++;
        if (kind == 'u') {
            for (int i = 0; i < 4; i++, at++) {
                if (!HexFormat.isHexDigit(peek())) { // and not just any digit of Unicode
                    throw expected("four hexadecimal digits");
                }
            }
        } else if ("\"\\/bfnrt".indexOf(kind) < 0) {
            at--;
            throw expected("an escape");
        }
    }

    private void number() {
        taken('-');
        if (!taken('0')) {
            digits("a value");
        }
        if (taken('.')) {
            digits("a digit");
        }
        if (taken('e') || taken('E')) {
            if (!taken('+')) {
                taken('-');
            }
            digits("a digit");
        }
    }

    private void digits(String what) {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw expected(what);
        }
    }

    private void word(String word) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void require(char c) {
        if (!taken(c)) {
            throw expected("'" + c + "'");
        }
    }

    private boolean taken(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    /** The next character; a NUL, which JSON never has, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException expected(String what) {
        String found = at >= text.length() ? "the text ended" : "there was " + describe(text.charAt(at));
        return new IllegalArgumentException(
                "not JSON: expected " + what + " at character " + at + " of " + text.length() + ", but " + found);
    }

    private static String describe(char c) {
        return c < ' ' || Character.isSurrogate(c) ? String.format("U+%04X", (int) c) : "'" + c + "'";
    }
}
