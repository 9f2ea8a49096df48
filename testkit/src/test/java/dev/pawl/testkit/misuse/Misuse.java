package dev.pawl.testkit.misuse;

/** Mistakes in the use of Pawl's API, each beside what was meant. */
enum Misuse {
    CHECKPOINT_WITH_WRONG_RESULT(
            "compiler.err.cant.apply.symbol",
            "void m(ClaimedJob<Request> j) { j.checkpoint(FETCH, new Brief(\"\")); }",
            "void m(ClaimedJob<Request> j) { j.checkpoint(FETCH, new Articles(List.of())); }",
            "Brief"),
    CLAIM_IN_A_TRANSACTION(
            "compiler.err.cant.resolve.location.args",
            "void m(JdbiPawl p, org.jdbi.v3.core.Handle h) { p.in(h).claim(PIPELINE, 1, Duration.ofSeconds(1)); }",
            "void m(JdbiPawl p) { p.jobs().claim(PIPELINE, 1, Duration.ofSeconds(1)); }",
            "claim"),
    CONTINUES_ANOTHER_PAYLOAD(
            "compiler.err.prob.found.req",
            "Object o = Pipeline.named(\"recap\", String.class).version(2).continuing(PIPELINE);",
            "Object o = Pipeline.named(\"recap\", Request.class).version(2).continuing(PIPELINE);",
            "cannot be converted to"),
    FAN_OUT_WITHOUT_JOIN(
            "compiler.err.cant.resolve.location.args",
            "Object o(Handler<Request, Drafts> select) {"
                    + " return Handlers.of(PIPELINE).fanOut(GENRE).into(ONE_GENRE, job -> Map.of()).on(SELECT, select); }",
            "Object o(Handler<Request, Drafts> select) {"
                    + " return Handlers.of(PIPELINE).fanOut(GENRE).into(ONE_GENRE, job -> Map.of())"
                    + ".join((job, genres) -> done(new Drafts(genres.results(), 0))).on(SELECT, select); }",
            "on("),
    FOREIGN_OUTCOME(
            "compiler.err.cant.inherit.from.sealed",
            "record Mine<R>() implements Outcome<R> {}",
            "record Mine<R>(Outcome<R> outcome) {}",
            "sealed"),
    HANDLER_CANNOT_CHECKPOINT_ITSELF(
            "compiler.err.cant.resolve.location.args",
            "Object o = Handlers.of(PIPELINE).on(FETCH, job -> { job.checkpoint(FETCH, new Articles(List.of()));"
                    + " return done(new Articles(List.of())); });",
            "Object o = Handlers.of(PIPELINE).on(FETCH, job -> { job.saveProgress(\"half\");"
                    + " return done(new Articles(List.of())); });",
            "checkpoint"),
    NO_RESULT_WHERE_ONE_IS_DUE(
            "compiler.err.prob.found.req",
            "Object o = Handlers.of(PIPELINE).on(FETCH, job -> done());",
            "Object o = Handlers.of(PIPELINE).on(PERSIST, job -> done());",
            "java.lang.Void"),
    PIPELINE_WITHOUT_STAGE(
            "compiler.err.prob.found.req",
            "Pipeline<Request, ?> p = Pipeline.named(\"x\", Request.class);",
            "Pipeline<Request, ?> p = Pipeline.named(\"x\", Request.class).then(FETCH);",
            "Pipeline.Builder"),
    READS_A_RESULT_AS_ANOTHER_TYPE(
            "compiler.err.prob.found.req",
            "Brief b(Attempt<Request> job) { return job.result(FETCH); }",
            "Articles b(Attempt<Request> job) { return job.result(FETCH); }",
            "Brief"),
    RESULT_WITHOUT_OUTCOME(
            "compiler.err.prob.found.req",
            "Object o(Editors e) { return Handlers.of(PIPELINE).on(FETCH, job -> e.fetch(job.payload())); }",
            "Object o(Editors e) { return Handlers.of(PIPELINE).on(FETCH, job -> done(e.fetch(job.payload()))); }",
            "Outcome<"),
    TRANSACTIONAL_ON_THE_WRONG_STAGE(
            "compiler.err.prob.found.req",
            "Object o(JdbiPawl p) { return Handlers.of(PIPELINE).on(FETCH, p.transactional((job, handle) -> done())); }",
            "Object o(JdbiPawl p) { return Handlers.of(PIPELINE).on(PERSIST, p.transactional((job, handle) -> done())); }",
            "java.lang.Void"),
    WRONG_CHILD_PAYLOAD(
            "compiler.err.prob.found.req",
            "Object o = Handlers.of(PIPELINE).fanOut(GENRE).into(ONE_GENRE, job -> Map.of(\"a\", \"b\"));",
            "Object o = Handlers.of(PIPELINE).fanOut(GENRE)"
                    + ".into(ONE_GENRE, job -> Map.of(\"a\", new GenreTask(\"a\", List.of())));",
            "GenreTask"),
    WRONG_PAYLOAD(
            "compiler.err.cant.apply.symbol",
            "Object o = NewJob.of(PIPELINE, \"2026-02-16\");",
            "Object o = NewJob.of(PIPELINE, new Request(LocalDate.of(2026, 2, 16), \"en\"));",
            "String"),
    WRONG_RESULT_FOR_STAGE(
            "compiler.err.prob.found.req",
            "Object o = Handlers.of(PIPELINE).on(FETCH, job -> done(new Brief(\"\")));",
            "Object o = Handlers.of(PIPELINE).on(FETCH, job -> done(new Articles(List.of())));",
            "Brief");

    private final String code;
    private final String wrong;
    private final String right;
    private final String words;

    Misuse(String code, String wrong, String right, String words) {
        this.code = code;
        this.wrong = wrong;
        this.right = right;
        this.words = words;
    }

    String wrong() {
        return wrong;
    }

    String right() {
        return right;
    }

    /** What the compiler says of it, among other things. */
    String words() {
        return words;
    }

    /** The compiler's name for the error. */
    String code() {
        return code;
    }
}
