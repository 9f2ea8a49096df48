package dev.pawl.audit;

/** Something that must be true of the stored state. Codes keep their meaning for ever. */
public enum Invariant {
    /** A job's status and the rest of its row say different things. */
    STATUS_CONTRADICTS(
            "status-contradicts",
            Severity.ERROR,
            "The job's status and the rest of its row say different things, which no write of Pawl's can bring about: something else"
                    + " wrote to the table.",
            "Find out what wrote to the table. Supply evidence whether the job's outputs exist, and repair: it is then completed,"
                    + " or failed."),
    /** A completed job lacks checkpoints. */
    COMPLETED_WITHOUT_CHECKPOINTS(
            "completed-without-checkpoints",
            Severity.ERROR,
            "The job is completed, but not every stage of it has a checkpoint: rows were lost, or something else wrote to the table.",
            "Supply evidence whether the job's outputs exist, and repair: it stays completed, or becomes failed and can be retried."),
    /** A job's position is not the one that follows its checkpoints. */
    POSITION_DISAGREES(
            "position-disagrees",
            Severity.ERROR,
            "The job's position is not the one that follows its checkpoints: stages would be skipped, or run again.",
            "Repair: the job goes on after the last checkpoint without a gap. Whoever holds it is fenced."),
    /** A parent's counts are not those of its children's rows. */
    CHILDREN_MISCOUNTED(
            "children-miscounted",
            Severity.ERROR,
            "The counts of children in the job's row are not those of the children's rows: it may wait for ever, or be judged early.",
            "Repair: the children are counted anew under the parent's lock, and it is woken if it has nothing to wait for."),
    /** A parent waits for its children, though nothing is left to wait for. */
    WAITS_FOR_NONE(
            "waits-for-none",
            Severity.ERROR,
            "The job waits for its children, but none is open, or one too many failed: nobody is going to wake it.",
            "Repair: the children are counted anew under the parent's lock, and it is woken."),
    /** A child is open whose parent is not there. */
    CHILD_WITHOUT_PARENT(
            "child-without-parent",
            Severity.ERROR,
            "The job is a child, and its parent's row is gone: what it does is for nobody.",
            "Repair: the child is cancelled."),
    /** A child is open though its parent has ended. */
    CHILD_OUTLIVES_PARENT(
            "child-outlives-parent",
            Severity.WARNING,
            "The job's parent has ended, and nobody has cancelled the job: what it does is for nobody. Workers do that within"
                    + " seconds, where there are any.",
            "Look whether a worker runs on the queue. Repair: the child is cancelled."),
    /** A row bears a token that the sequence has not issued yet. */
    TOKEN_NOT_ISSUED(
            "token-not-issued",
            Severity.ERROR,
            "A row bears a token that has not been issued yet: the database lost its last commits, or rows were copied into it. New"
                    + " claims may get a token that an old holder has.",
            "As the schema's owner, run PawlSchema.advanceTokens."),
    /** Leases have expired for long, and nobody takes the jobs over. */
    LEASE_EXPIRED(
            "lease-expired",
            Severity.WARNING,
            "The leases of running jobs have expired long ago, and nobody takes them over: no worker claims this queue, or this"
                    + " version of the pipeline.",
            "Start a worker on the queue that runs the pipeline's version, or cancel the jobs."),
    /** Jobs have been due for long, and nobody claims them. */
    DUE_FOR_LONG(
            "due-for-long",
            Severity.WARNING,
            "Jobs have been due for long, and nobody claims them: no worker runs this version of the pipeline, or the workers are too"
                    + " few.",
            "Start a worker on the queue that runs the pipeline's version, or more of them."),
    /** Jobs are of a pipeline version whose stages are not recorded, or recorded otherwise. */
    PIPELINE_UNKNOWN(
            "pipeline-unknown",
            Severity.ERROR,
            "Jobs are of a version of a pipeline whose stages are not recorded, or are of another number: no worker knows it.",
            "Deploy a worker with this version of the pipeline, or cancel the jobs."),
    /** A scan has not moved for long, though it is in mid-lap or was nudged. */
    SCAN_STANDS_STILL(
            "scan-stands-still",
            Severity.WARNING,
            "The scan is in mid-lap, or was told of new work, and has not moved for long: no process runs it.",
            "Start a process that runs the scan."),
    /** A scan stands at a page that keeps failing. */
    SCAN_FAILING(
            "scan-failing",
            Severity.ERROR,
            "The scan stands at a page whose handling fails again and again. It is still tried.",
            "Mend the cause, or step over the page with Scans.skip."),
    /** A scan's lap found nothing, though the application says that rows wait. */
    SCAN_FINDS_NOTHING(
            "scan-finds-nothing",
            Severity.ERROR,
            "The scan's last lap found no rows, though by the application's own count some wait: its query and that count differ.",
            "Compare the scan's query with the count that was supplied as evidence."),
    /** A queue has been paused for long. */
    QUEUE_PAUSED(
            "queue-paused",
            Severity.NOTICE,
            "The queue has been paused for long, perhaps forgotten: nothing is claimed from it.",
            "Resume it with Jobs.resume, or leave it."),
    /** A session or a replica keeps the database from removing old rows. */
    SNAPSHOT_HELD(
            "snapshot-held",
            Severity.WARNING,
            "Somebody holds an old snapshot of the database, so that old versions of rows can't be removed: claims get slower.",
            "End the transaction: a session by pg_terminate_backend, a prepared one by rollback prepared, a replication slot by"
                    + " bringing its replica back or dropping it.");

    private final String code;
    private final Severity severity;
    private final String meaning;
    private final String advice;

    Invariant(String code, Severity severity, String meaning, String advice) {
        this.code = code;
        this.severity = severity;
        this.meaning = meaning;
        this.advice = advice;
    }

    /** How bad it is that it is broken. */
    public enum Severity {
        /** Somebody may want to know. */
        NOTICE,
        /** Work stands still, or will. */
        WARNING,
        /** State is wrong. */
        ERROR
    }

    /**
     * The name for machines.
     *
     * @return the same for ever: {@code children-miscounted}
     */
    public String code() {
        return code;
    }

    /**
     * How bad it is that it is broken.
     *
     * @return the same for every violation
     */
    public Severity severity() {
        return severity;
    }

    /**
     * What it means that it is broken.
     *
     * @return a sentence or two
     */
    public String meaning() {
        return meaning;
    }

    /**
     * What to do about it.
     *
     * @return a sentence or two
     */
    public String advice() {
        return advice;
    }
}
