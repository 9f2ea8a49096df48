package dev.pawl.jdbc;

import dev.pawl.jdbc.internal.Postgres;
import java.util.UUID;

/** A table of five articles, and rows of their titles. */
final class ArticleTable {
    static final String ARTICLES = "select * from article";

    private ArticleTable() {}

    /** A schema with the table, to be closed. */
    static Postgres.Fixture made() {
        Postgres.Fixture fixture = Postgres.migrated();
        fixture.sql().useHandle(handle -> {
            handle.execute("create type mood as enum ('sad', 'happy')");
            handle.execute("create domain title as text");
            handle.execute("create collation lax (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            handle.execute("""
                    create table article (
                      id uuid primary key, created_at timestamptz not null, title title not null, mood mood,
                      n int, "Odd ""Name" int, tags jsonb, raw bytea, lax text collate lax, c text collate "C")""");
            for (int i = 1; i <= 5; i++) {
                handle.execute("""
                        insert into article values (?, timestamptz '2026-01-01Z' + ? * interval '1 day', ?,
                          cast(? as mood), 1, ?, '{"hot": true}', '', 'a', 'a')""", new UUID(0, i), i, "title " + i, i % 2 == 0 ? "sad" : "happy", i);
            }
        });
        return fixture;
    }

    static SqlRows<String> titles(String select) {
        return SqlRows.select(select).as((row, context) -> row.getString("title"));
    }
}
