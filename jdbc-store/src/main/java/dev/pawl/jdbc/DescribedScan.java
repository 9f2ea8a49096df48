package dev.pawl.jdbc;

import dev.pawl.job.RetryPolicy;
import dev.pawl.scan.Scan;
import dev.pawl.worker.ScanSettings;
import java.time.Duration;
import java.util.Objects;

/**
 * What a {@link SqlScan} is, until its handling is given.
 *
 * @param pawl walks it
 * @param settings how
 * @param rows over what
 */
record DescribedScan<T>(JdbiPawl pawl, ScanSettings settings, SqlRows<T> rows) implements SqlScan<T> {
    @Override
    public SqlScan<T> lease(Duration length) {
        return new DescribedScan<>(pawl, settings.withLease(length), rows);
    }

    @Override
    public SqlScan<T> retry(RetryPolicy policy) {
        return new DescribedScan<>(pawl, settings.withRetry(policy), rows);
    }

    @Override
    public SqlScan<T> startingOverIfChanged() {
        return new DescribedScan<>(pawl, settings.startingOverIfChanged(), rows);
    }

    @Override
    public Scan inTransaction(InTransaction<T> handling) {
        return pawl.scan(settings, rows, Objects.requireNonNull(handling, "handling"));
    }

    @Override
    public Scan atLeastOnce(AtLeastOnce<T> handling) {
        return pawl.scan(settings, rows, Objects.requireNonNull(handling, "handling"));
    }
}
