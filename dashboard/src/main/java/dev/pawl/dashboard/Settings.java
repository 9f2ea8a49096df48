package dev.pawl.dashboard;

import dev.pawl.audit.Auditor;
import dev.pawl.embed.Pawl;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What a {@link Dashboard} was told. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Settings(
        Pawl pawl,
        Auditor auditor,
        String title,
        Set<Permission> actions,
        Optional<Access> access,
        Optional<Redaction> redaction,
        boolean hidden,
        Duration refresh,
        Duration patience,
        int questions,
        int streams,
        int requests,
        int actionsPerSecond,
        byte[] csrfKey) {}
