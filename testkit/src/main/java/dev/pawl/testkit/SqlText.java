package dev.pawl.testkit;

import java.util.Locale;
import java.util.Set;

/** Reads SQL as far as a proxy has to: where its statements begin, whatever stands in quotes and comments. */
final class SqlText {
    private static final Set<String> COMMITS = Set.of("commit", "end");

    private final String sql;
    private int at;

    private SqlText(String sql) {
        this.sql = sql;
    }

    /** Whether one of the statements commits. */
    static boolean hasCommit(String sql) {
        SqlText text = new SqlText(sql);
        while (text.at < sql.length()) {
            if (COMMITS.contains(text.firstWord())) {
                return true;
            }
            text.skipStatement();
        }
        return false;
    }

    /** Of a statement, behind spaces and comments. */
    private String firstWord() {
        while (at < sql.length() && (Character.isWhitespace(sql.charAt(at)) || isComment())) {
            skip();
        }
        int from = at;
        while (at < sql.length() && Character.isLetter(sql.charAt(at))) {
            at++;
        }
        return sql.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private void skipStatement() {
        while (at < sql.length() && sql.charAt(at) != ';') {
            skip();
        }
        at++;
    }

    private boolean isComment() {
        return sql.startsWith("--", at) || sql.startsWith("/*", at);
    }

    /** One character, or all of what is quoted or a comment. */
    private void skip() {
        char here = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            skipTo("\n", at + 2);
        } else if (sql.startsWith("/*", at)) {
            skipBlockComment();
        } else if (here == '\'' || here == '"') {
            skipQuoted(here, here == '\'' && at > 0 && Character.toLowerCase(sql.charAt(at - 1)) == 'e');
        } else if (here == '$') {
            skipDollarQuoted();
        } else {
            at++;
        }
    }

    private void skipBlockComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    /** A doubled quote ends one and begins another, which comes to the same. */
    private void skipQuoted(char quote, boolean withEscapes) {
        at++;
        while (at < sql.length() && sql.charAt(at) != quote) {
            at += withEscapes && sql.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    /** {@code $$…$$} and {@code $tag$…$tag$}; {@code $1} is a parameter. */
    private void skipDollarQuoted() {
        int end = at + 1;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        boolean opens = end < sql.length() && sql.charAt(end) == '$' && !Character.isDigit(sql.charAt(at + 1));
        if (opens) {
            skipTo(sql.substring(at, end + 1), end + 1);
        } else {
            at++;
        }
    }

    private void skipTo(String end, int from) {
        int found = sql.indexOf(end, from);
        at = found < 0 ? sql.length() : found + end.length();
    }
}
