package dev.pawl.dashboard;

/** What a visitor may do. What the host has not switched on nobody may. */
public enum Permission {
    /** See everything that is shown, and start an audit, which changes nothing. All others are of no use without it. */
    VIEW,
    /** Cancel jobs. */
    CANCEL,
    /** Have failed and cancelled jobs go on. */
    RETRY,
    /** Pause and resume queues. */
    PAUSE,
    /** Step over a scan's failing page. */
    SKIP,
    /** Plan and carry out repairs. */
    REPAIR
}
