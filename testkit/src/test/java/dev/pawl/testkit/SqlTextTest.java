package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "commit;",
                " \n\t Commit and chain",
                "END",
                "-- over\ncommit",
                "/* a /* nested */ comment */ commit",
                "insert into t values (1); commit",
                "insert into t values ('it''s; '); commit; begin",
                "insert into t values (E'it\\'s; '); commit",
                "do $$ begin; end $$; commit",
                "select $tag$ $$; $tag$; commit",
                "select $1; commit",
                "select 1; ; commit prepared 'x'"
            })
    void is_a_commit(String sql) {
        assertThat(SqlText.hasCommit(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "begin",
                "rollback",
                "commits",
                "select 'commit'",
                "select '; commit'",
                "select E'\\'; commit'",
                "select \"; commit\" from t",
                "-- commit",
                "select 1 -- ; commit",
                "select 1 /* ; commit */",
                "do $$ begin; commit; end $$",
                "select $tag$; commit; $$; commit $tag$",
                "set local synchronous_commit = on",
                "select '",
                "select $$",
                "/*"
            })
    void is_none(String sql) {
        assertThat(SqlText.hasCommit(sql)).isFalse();
    }
}
