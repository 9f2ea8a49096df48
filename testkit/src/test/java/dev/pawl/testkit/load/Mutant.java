package dev.pawl.testkit.load;

import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Statements with a flaw that an ordinary test may miss, and the invariants that such a flaw must break. */
enum Mutant {
    /** Whoever names the job may write. */
    GUARDS_BY_KEY_AND_STAGE(
            "and j\\.token = w\\.token\\s+and j\\.holder = w\\.holder",
            "",
            Invariant.A_RESULT_IS_OF_THE_HOLDER_AND_STAGE_THAT_IT_STANDS_FOR),

    /** A checkpoint that is sent twice moves the job by two. */
    CHECKPOINTS_ANY_STAGE(
            "and j\\.holder = w\\.holder\\s+and j\\.stage = w\\.stage\\s+and num_nulls",
            "and j.holder = w.holder and num_nulls",
            Invariant.A_RESULT_IS_OF_THE_HOLDER_AND_STAGE_THAT_IT_STANDS_FOR),

    /** Progress is whatever comes last. */
    TURNS_PROGRESS_BACK("and j\\.progress_no < w\\.number", "", Invariant.PROGRESS_ONLY_ROSE),

    /** A token is only higher than the job's last; the sequence moves, or the check at the start would tell. */
    COUNTS_TOKENS_BY_JOB(
            "nextval\\('[^']+'\\)", "coalesce(d.old_token, 0) + 1 + 0 * $0", Invariant.A_TOKEN_IS_ISSUED_ONCE),

    /** A caller who swallows a refusal commits. */
    DOES_NOT_POISON(
            "insert into \\S+\\.poison \\(reason\\)\\s+values \\(\\?\\), \\(\\?\\)",
            "update pg_class set relname = relname where ? = ? and false",
            Invariant.AN_EFFECT_HAS_ITS_CHECKPOINT);

    private final Pattern part;
    private final String instead;
    private final Invariant breaks;

    Mutant(String part, String instead, Invariant breaks) {
        this.part = Pattern.compile(part);
        this.instead = instead;
        this.breaks = breaks;
    }

    DataSource of(DataSource real) {
        return RewrittenStatements.over(real, sql -> part.matcher(sql).replaceAll(instead));
    }

    /** Of what is wrong, what it was meant to break. */
    List<String> brokenIn(List<String> wrong) {
        return wrong.stream()
                .filter(sentence -> sentence.startsWith(breaks.toString()))
                .toList();
    }
}
