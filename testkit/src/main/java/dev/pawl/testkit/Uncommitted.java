package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an open transaction has written and locked. Guarded by its store's lock. */
final class Uncommitted {
    private final Map<JobId, JobRow> rows = new LinkedHashMap<>();
    private final Set<JobId> locked = new HashSet<>();
    private final Map<String, ScanState> scans = new LinkedHashMap<>();
    private final Set<String> lockedScans = new HashSet<>();
    private final List<SkippedPage> skippedPages = new ArrayList<>();
    private final DescribedPipelines pipelines = new DescribedPipelines();
    private Optional<String> poison = Optional.empty();

    Map<JobId, JobRow> rows() {
        return rows;
    }

    /** Which it has recorded itself. */
    DescribedPipelines pipelines() {
        return pipelines;
    }

    void put(JobRow row) {
        JobId id = row.state().id();
        rows.put(id, row);
        locked.add(id);
    }

    void lock(JobId id) {
        locked.add(id);
    }

    boolean hasLocked(JobId id) {
        return locked.contains(id);
    }

    Map<String, ScanState> scans() {
        return scans;
    }

    void put(ScanState scan) {
        scans.put(scan.name(), scan);
    }

    void lockScan(String scan) {
        lockedScans.add(scan);
    }

    boolean hasLockedScan(String scan) {
        return lockedScans.contains(scan);
    }

    /** To be added to. */
    List<SkippedPage> skippedPages() {
        return skippedPages;
    }

    /** The first reason counts. */
    void poison(String why) {
        poison = poison.or(() -> Optional.of(why));
    }

    Optional<String> poison() {
        return poison;
    }
}
