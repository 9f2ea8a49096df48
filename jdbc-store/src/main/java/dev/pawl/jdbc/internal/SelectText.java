package dev.pawl.jdbc.internal;

import dev.pawl.internal.Checks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * SQL of an application's, read only as far as is needed to put it into a larger statement: where its quotes and comments end,
 * which parameters it names, and which words stand outside of parentheses. Everything else is the database's to judge.
 * {@code :name} is a parameter; {@code ?} is an operator.
 */
final class SelectText {
    private static final Set<String> BEGINNINGS = Set.of("select", "with", "values", "table");
    private static final Set<String> ENDINGS = Set.of("limit", "offset", "fetch", "for");
    private static final Set<String> MAKE_NULLS = Set.of("left", "right", "full", "rollup", "cube", "grouping");

    private final String sql;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<String> outerWords = new ArrayList<>();
    private final Set<String> words = new LinkedHashSet<>();
    private int at;
    private int copied;
    private int depth;
    private boolean labels;

    /** What is sent as it is, or a parameter. */
    private record Piece(String text, boolean isParameter) {}

    private SelectText(String sql) {
        this.sql = sql;
    }

    /**
     * Reads SQL.
     *
     * @throws IllegalArgumentException if a quote, a comment or a parenthesis is not closed, or it is more than one statement
     */
    static SelectText of(String sql) {
        SelectText text = new SelectText(sql);
        text.read();
        return text;
    }

    /**
     * Refuses what can't stand within a larger select.
     *
     * @throws IllegalArgumentException if it is no select, or has an order or a limit of its own
     */
    SelectText checkedAsRows() {
        String first = outerWords.isEmpty() ? "" : outerWords.get(0);
        if (words.isEmpty()) {
            throw refused("is empty");
        }
        if (!first.isEmpty() && !BEGINNINGS.contains(first)) {
            throw refused("must begin with 'select' or 'with', but begins with '" + first + "'");
        }
        for (int i = 1; i < outerWords.size(); i++) {
            String word = outerWords.get(i);
            if (word.equals("by") && outerWords.get(i - 1).equals("order")) {
                throw refused("must have no 'order by': the key columns are its order, given to by(…)");
            }
            if (ENDINGS.contains(word)) {
                throw refused("must have no '" + word + "' of its own: pages are cut by Pawl, and locks are for what"
                        + " handles them");
            }
        }
        return this;
    }

    /** The names of its parameters. */
    Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>();
        pieces.stream().filter(Piece::isParameter).map(Piece::text).forEach(names::add);
        return names;
    }

    /** Whether a column may be null though it is the column of a table in which it can't be. */
    boolean mayMakeNulls() {
        return words.stream().anyMatch(MAKE_NULLS::contains);
    }

    private ParsedSql parsed() {
        ParsedSql.Builder builder = ParsedSql.builder();
        for (Piece piece : pieces) {
            if (piece.isParameter) {
                builder.appendNamedParameter(piece.text);
            } else {
                builder.append(piece.text);
            }
        }
        return builder.build();
    }

    private void read() {
        while (at < sql.length()) {
            step(sql.charAt(at));
        }
        copy();
        if (depth != 0) {
            throw refused("has a '(' that is not closed");
        }
    }

    private void step(char c) {
        switch (c) {
            case '\'', '"' -> quoted(c, false);
            case '$' -> dollar();
            case '-' -> comment("--", "\n");
            case '/' -> nestedComment();
            case ':' -> colon();
            case '?' -> operator();
            case '(' -> parenthesis(1);
            case ')' -> parenthesis(-1);
            case ';' -> throw refused("must be one statement, without ';'");
            default -> other(c);
        }
    }

    private void parenthesis(int by) {
        depth += by;
        labels = false;
        at++;
        if (depth < 0) {
            throw refused("has a ')' without a '('");
        }
    }

    private void other(char c) {
        if (Character.isDigit(c)) { // 1e5 is no word
            at = endOfWord(at);
        } else if (isWord(c)) {
            word();
        } else {
            labels = c == '.' || (labels && Character.isWhitespace(c));
            at++;
        }
    }

    /** After a dot, or 'as', every word is a name. */
    private void word() {
        int end = endOfWord(at);
        String word = sql.substring(at, end).toLowerCase(Locale.ROOT);
        boolean escapes = word.equals("e") && end < sql.length() && sql.charAt(end) == '\'';
        at = end;
        if (escapes) {
            quoted('\'', true);
        } else {
            if (!labels) {
                words.add(word);
                if (depth == 0) {
                    outerWords.add(word);
                }
            }
            labels = word.equals("as") && !labels;
        }
    }

    private void quoted(char quote, boolean escapes) {
        labels = false;
        for (int i = at + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\\' && escapes) {
                i++;
            } else if (c == quote) {
                at = i + 1; // a doubled quote begins another at once, which makes no difference here, but for escapes
                if (escapes && at < sql.length() && sql.charAt(at) == quote) {
                    quoted(quote, true);
                }
                return;
            }
        }
        throw refused("has a " + quote + " that is not closed");
    }

    private void dollar() {
        int end = at + 1;
        while (end < sql.length() && isWord(sql.charAt(end)) && sql.charAt(end) != '$') {
            end++;
        }
        if (end < sql.length() && sql.charAt(end) == '$' && !Character.isDigit(sql.charAt(at + 1))) {
            String tag = sql.substring(at, end + 1);
            int close = sql.indexOf(tag, end + 1);
            if (close < 0) {
                throw refused("has a " + tag + " that is not closed");
            }
            at = close + tag.length();
        } else {
            at = end;
        }
    }

    private void comment(String begin, String end) {
        if (!sql.startsWith(begin, at)) {
            at++;
            return;
        }
        int close = sql.indexOf(end, at);
        at = close < 0 ? sql.length() : close + end.length();
    }

    private void nestedComment() {
        if (!sql.startsWith("/*", at)) {
            at++;
            return;
        }
        int open = 0;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                open++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                open--;
                at += 2;
                if (open == 0) {
                    return;
                }
            } else {
                at++;
            }
        }
        throw refused("has a /* that is not closed");
    }

    private void colon() {
        if (sql.startsWith("::", at)) {
            at += 2;
            return;
        }
        int begin = at + 1;
        if (begin == sql.length() || !isWord(sql.charAt(begin)) || Character.isDigit(sql.charAt(begin))) {
            at++;
            return;
        }
        copy();
        at = endOfWord(begin);
        pieces.add(new Piece(sql.substring(begin, at), true));
        copied = at;
    }

    /** Doubled, as the driver takes a single one for a parameter. */
    private void operator() {
        copy();
        pieces.add(new Piece("??", false));
        at++;
        copied = at;
    }

    private void copy() {
        if (at > copied) {
            pieces.add(new Piece(sql.substring(copied, at), false));
            copied = at;
        }
    }

    private int endOfWord(int from) {
        int end = from;
        while (end < sql.length() && isWord(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("the select of the rows " + why + ": " + Checks.shown(sql));
    }

    /** For Jdbi: so that nothing else in the text means anything. */
    static final class Parser implements SqlParser {
        private volatile @Nullable Parsed last;

        private record Parsed(String sql, ParsedSql parsed) {}

        /** Most pages of a scan have the text of the one before. */
        @Override
        public ParsedSql parse(String sql, StatementContext context) {
            Parsed before = last;
            if (before != null && before.sql.equals(sql)) {
                return before.parsed;
            }
            ParsedSql parsed = SelectText.of(sql).parsed();
            last = new Parsed(sql, parsed);
            return parsed;
        }

        @Override
        public String nameParameter(String rawName, StatementContext context) {
            return ":" + rawName;
        }
    }
}
