package dev.pawl.testkit;

import java.util.function.Supplier;

/** Every store that breaks a rule, by the rule that it is meant to break. */
@SuppressWarnings("ImmutableEnumChecker") // constructor references are immutable
enum BrokenStore {
    CLAIMS_WHAT_IS_HELD("L1", BrokenLeases.ClaimsWhatIsHeld::new),
    DRAWS_ONE_TOKEN_PER_CLAIM("L1", BrokenLeases.DrawsOneTokenPerClaim::new),
    NAMES_THE_WORKER_ONLY("L1", BrokenLeases.NamesTheWorkerOnly::new),
    TOKEN_DRAWN_LOW("L2", BrokenLeases.TokenDrawnLow::new),
    FORGETS_THE_TOKEN("L2", BrokenLeases.ForgetsTheToken::new),
    FORGETS_FENCING("L3", BrokenLeases.ForgetsFencing::new),
    GUARDS_BY_STATUS("L3", BrokenLeases.GuardsByStatus::new),
    GUARDS_BY_TOKEN_ONLY("L3", BrokenLeases.GuardsByTokenOnly::new),
    GUARDS_BY_HOLDER_ONLY("L3", BrokenLeases.GuardsByHolderOnly::new),
    FORGETS_THE_STAGE("L3", BrokenLeases.ForgetsTheStage::new),
    FINDS_BY_UUID_ALONE("L3", BrokenLeases.FindsByUuidAlone::new),
    RENEWAL_SHORTENS("L4", BrokenLeases.RenewalShortens::new),
    CHECKPOINT_SHORTENS("L4", BrokenLeases.CheckpointShortens::new),
    REFUSES_THE_LATE("L4", BrokenLeases.RefusesTheLate::new),
    TAKES_BEFORE_THE_EXPIRY("L4", BrokenLeases.TakesBeforeTheExpiry::new),
    TIMES_BY_THE_CALLERS_CLOCK("L5", BrokenLeases.TimesByTheCallersClock::new),
    CLAIMS_NO_EXPIRED_LEASE("L6", BrokenLeases.ClaimsNoExpiredLease::new),
    HIDES_TAKEOVERS("L6", BrokenLeases.HidesTakeovers::new),
    CLAIMS_UNKNOWN_PIPELINES("L6", BrokenLeases.ClaimsUnknownPipelines::new),
    ADOPTS_HALFWAY("L6", BrokenLeases.AdoptsHalfway::new),
    STARTS_OVER_ALWAYS("L6", BrokenLeases.StartsOverAlways::new),
    REMEMBERS_THE_BOUNDS("L6", BrokenLeases.RemembersTheBounds::new),
    CLAIMS_LOCKED_ROWS("L6", BrokenTransactions.ClaimsLockedRows::new),
    IGNORES_LOCKS("L6", BrokenTransactions.IgnoresLocks::new),
    SAYS_MISSING_ONLY("L7", BrokenLeases.SaysMissingOnly::new),
    TAKES_CONFLICTS_FOR_LOSSES("L7", BrokenLeases.TakesConflictsForLosses::new),
    DROPS_REPORTS("L7", BrokenLeases.DropsReports::new),
    TAKES_BUSY_FOR_MISSING("L7", BrokenTransactions.TakesBusyForMissing::new),
    KEEPS_THE_LOST_WAITING("L7", BrokenTransactions.KeepsTheLostWaiting::new),
    KNOWS_REPEATS_BY_TOKEN_ALONE("L9", BrokenLeases.KnowsRepeatsByTokenAlone::new),
    WRITES_THE_RESULT_APART("J1", BrokenJobs.WritesTheResultApart::new),
    LETS_THE_LEASE_RUN("J1", BrokenJobs.LetsTheLeaseRun::new),
    KEEPS_THE_PROGRESS("J1", BrokenJobs.KeepsTheProgress::new),
    CHECKPOINT_MOVES_THE_PLACE("J1", BrokenJobs.CheckpointMovesThePlace::new),
    TAKES_NOTHING_FOR_NULL("J1", BrokenJobs.TakesNothingForNull::new),
    SKIPS_STAGES("J2", BrokenJobs.SkipsStages::new),
    KNOWS_NO_REPEATS("J2", BrokenJobs.KnowsNoRepeats::new),
    FORGIVES_CONFLICTS("J2", BrokenJobs.ForgivesConflicts::new),
    TAKES_OTHERS_WORK_FOR_ITS_OWN("J2", BrokenJobs.TakesOthersWorkForItsOwn::new),
    REPEATS_IN_TRANSACTIONS("J2", BrokenTransactions.RepeatsInTransactions::new),
    COMPLETES_LATER("J3", BrokenJobs.CompletesLater::new),
    COMPLETES_TOO_EARLY("J3", BrokenJobs.CompletesTooEarly::new),
    DROPS_ROW_COUNT("J4", BrokenJobs.DropsRowCount::new),
    TAKES_TWO_FOR_ONE_JOB("J4", BrokenJobs.TakesTwoForOneJob::new),
    REFUSES_EMPTY_CALLS("J4", BrokenJobs.RefusesEmptyCalls::new),
    GOES_BACK_TO_PENDING("J5", BrokenJobs.GoesBackToPending::new),
    KEEPS_THE_HOLDER("J5", BrokenJobs.KeepsTheHolder::new),
    KEEPS_THE_DUE_TIME("J5", BrokenJobs.KeepsTheDueTime::new),
    COUNTS_BELOW_ZERO("J5", BrokenJobs.CountsBelowZero::new),
    REVIVES_THE_FAILED("J6", BrokenJobs.RevivesTheFailed::new),
    RETRIES_FROM_THE_START("J6", BrokenJobs.RetriesFromTheStart::new),
    RETRIES_ANYTHING("J6", BrokenJobs.RetriesAnything::new),
    KEEPS_COUNTERS_ON_RETRY("J6", BrokenJobs.KeepsCountersOnRetry::new),
    CANCEL_SPARES_THE_RUNNING("J7", BrokenJobs.CancelSparesTheRunning::new),
    CANCELS_THE_FAILED("J7", BrokenJobs.CancelsTheFailed::new),
    ANSWERS_BEFORE_IT_IS_DURABLE("J8", BrokenTransactions.AnswersBeforeItIsDurable::new),
    KEEPS_TRANSACTIONS_OPEN("J8", BrokenTransactions.KeepsTransactionsOpen::new),
    COUNTS_TOKENS_IN_MEMORY("J8", BrokenTransactions.CountsTokensInMemory::new),
    SECOND_ENQUEUE_WINS("J9", BrokenQueues.SecondEnqueueWins::new),
    FORGETS_ENDED_KEYS("J9", BrokenQueues.ForgetsEndedKeys::new),
    MIXES_UP_KEYS("J9", BrokenQueues.MixesUpKeys::new),
    KNOWS_KEYS_ONLY("J9", BrokenQueues.KnowsKeysOnly::new),
    KNOWS_IDS_ONLY("J9", BrokenQueues.KnowsIdsOnly::new),
    TAKES_NO_KEY_FOR_A_KEY("J9", BrokenQueues.TakesNoKeyForAKey::new),
    FORGETS_WHO_ASKED("J9", BrokenQueues.ForgetsWhoAsked::new),
    ENQUEUES_BESIDE_AN_OPEN_KEY("J9", BrokenTransactions.EnqueuesBesideAnOpenKey::new),
    COMMITS_AT_ONCE("J10", BrokenTransactions.CommitsAtOnce::new),
    COMMITS_AFTER_A_REFUSAL("J10", BrokenTransactions.CommitsAfterARefusal::new),
    DROPS_WHAT_IS_COMMITTED("J10", BrokenTransactions.DropsWhatIsCommitted::new),
    REORDERS_JSON("J11", BrokenJobs.ReordersJson::new),
    CUTS_LONG_JSON("J11", BrokenJobs.CutsLongJson::new),
    DROPS_NULL("J11", BrokenJobs.DropsNull::new),
    OVER_CLAIMS("J12", BrokenQueues.OverClaims::new),
    ORDERS_BY_DUE_TIME_ONLY("J12", BrokenQueues.OrdersByDueTimeOnly::new),
    LOOKS_AT_THE_TOP_ONLY("J12", BrokenQueues.LooksAtTheTopOnly::new),
    ORDERS_IDS_LIKE_JAVA("J12", BrokenQueues.OrdersIdsLikeJava::new),
    NEWEST_FIRST("J12", BrokenQueues.NewestFirst::new),
    LOSES_THE_PLACE_ON_RELEASE("J12", BrokenQueues.LosesThePlaceOnRelease::new),
    LETS_BACKDATED_JOBS_PASS("J12", BrokenQueues.LetsBackdatedJobsPass::new),
    COUNTS_TAKEOVERS_AS_ATTEMPTS("J13", BrokenSuspects.CountsTakeoversAsAttempts::new),
    FORGIVES_WHO_RENEWS("J13", BrokenSuspects.ForgivesWhoRenews::new),
    NEVER_FORGIVES("J13", BrokenSuspects.NeverForgives::new),
    SUSPECTS_NOBODY("J13", BrokenSuspects.SuspectsNobody::new),
    SUSPECTS_THE_EXPIRED_ONLY("J13", BrokenSuspects.SuspectsTheExpiredOnly::new),
    LETS_SUSPECTS_COME_ALONG("J13", BrokenSuspects.LetsSuspectsComeAlong::new),
    HIDES_THE_EXHAUSTED("J13", BrokenSuspects.HidesTheExhausted::new),
    SAVES_WITHOUT_RENEWING("J14", BrokenSuspects.SavesWithoutRenewing::new),
    STOPS_AT_THE_FIRST_REFUSAL("J15", BrokenSuspects.StopsAtTheFirstRefusal::new),
    PAUSE_STOPS_NEW_JOBS_ONLY("J16", BrokenQueues.PauseStopsNewJobsOnly::new),
    PAUSE_STOPS_HOLDERS("J16", BrokenQueues.PauseStopsHolders::new),
    PAUSES_EVERY_QUEUE("J16", BrokenQueues.PausesEveryQueue::new),
    TURNS_PROGRESS_BACK("J17", BrokenJobs.TurnsProgressBack::new),
    FORGETS_THE_NUMBER("J17", BrokenJobs.ForgetsTheNumber::new),
    COUNTS_THROUGH_STAGES("J17", BrokenJobs.CountsThroughStages::new);

    private final String rule;
    private final Supplier<InMemoryJobStore> store;

    BrokenStore(String rule, Supplier<InMemoryJobStore> store) {
        this.rule = rule;
        this.store = store;
    }

    /** The rule that it is meant to break. */
    String rule() {
        return rule;
    }

    InMemoryJobStore create() {
        return store.get();
    }
}
