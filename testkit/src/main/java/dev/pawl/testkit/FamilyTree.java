package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.ChildRow;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.Recorded;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who is whose child among rows, and what there is to tell of them. */
final class FamilyTree {
    /** By code point, as PostgreSQL's collation "C" has them; Java's own order has code points above U+FFFF before some below. */
    static final Comparator<String> KEYS =
            Comparator.comparing(key -> key.codePoints().toArray(), Arrays::compare);

    private FamilyTree() {}

    static Stream<JobRow> children(Stream<JobRow> rows, JobId parent, FencingToken fan) {
        return rows.filter(row -> row.id().queue().equals(parent.queue()))
                .filter(row -> row.state()
                        .family()
                        .parent()
                        .filter(link ->
                                link.id().equals(parent.uuid()) && link.fan().equals(fan))
                        .isPresent());
    }

    static Children.Counts count(Stream<JobRow> children) {
        int total = 0;
        int open = 0;
        int failed = 0;
        int cancelled = 0;
        for (JobRow child : children.toList()) {
            JobStatus status = child.state().status();
            total++;
            open += status.isEnded() ? 0 : 1;
            failed += status == JobStatus.FAILED ? 1 : 0;
            cancelled += status == JobStatus.CANCELLED ? 1 : 0;
        }
        return new Children.Counts(total, open, failed, cancelled);
    }

    static List<ChildRow> page(Stream<JobRow> children, Optional<String> after, int limit) {
        return children.map(FamilyTree::told)
                .filter(child -> after.isEmpty() || KEYS.compare(child.key(), after.get()) > 0)
                .sorted(Comparator.comparing(ChildRow::key, KEYS))
                .limit(limit)
                .toList();
    }

    /** With a counter that is wrong. */
    static JobState miscounted(JobState job, int open) {
        Family.Fan fan = job.family().fan().orElseThrow();
        Children.Counts right = fan.counts();
        Children.Counts wrong = new Children.Counts(right.total(), open, right.failed(), right.cancelled());
        return job.with(new Family(
                job.family().parent(),
                job.family().place(),
                Optional.of(new Family.Fan(fan.by(), fan.policy(), wrong))));
    }

    private static ChildRow told(JobRow child) {
        JobStatus status = child.state().status();
        Optional<Json> result = status == JobStatus.COMPLETED
                ? Optional.ofNullable(child.checkpoints().get(child.state().stages() - 1))
                        .flatMap(Recorded::result)
                : Optional.empty();
        Optional<String> failure = status == JobStatus.FAILED
                ? child.troubles().stream()
                        .filter(trouble -> trouble.kind() == Failure.Kind.FAILED)
                        .reduce((earlier, later) -> later)
                        .map(trouble -> trouble.error().message())
                : Optional.empty();
        return new ChildRow(child.childKey().orElseThrow(), child.id(), status, result, failure);
    }
}
