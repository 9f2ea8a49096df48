package dev.pawl.docs.guide;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Failure;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class FanOutTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    static final Order ORDER = new Order("Rain at last", List.of("de", "fr", "ja"));

    // tag::pipelines[]
    /** An edition in many languages. */
    record Order(String text, List<String> languages) {}

    record Edition(List<Text> texts, int missing) {}

    static final Stage<Edition> TRANSLATE = Stage.named("translate", Edition.class); // done by children
    static final Stage<Void> PRINT = Stage.named("print");
    static final Pipeline<Order, Void> EDITION =
            Pipeline.named("edition", Order.class).then(TRANSLATE).then(PRINT);

    /** What a child is: one language of it. */
    record Task(String text, String language) {}

    record Text(String language, String text) {}

    static final Stage<Text> WRITE = Stage.named("write", Text.class);
    static final Pipeline<Task, Text> TRANSLATION =
            Pipeline.named("translation", Task.class).then(WRITE);
    // end::pipelines[]

    private static final Queue<String> PRINTED = new ConcurrentLinkedQueue<>();

    // tag::handlers[]
    static Handlers<Order> edition() {
        return Handlers.of(EDITION)
                .fanOut(TRANSLATE)
                .into(TRANSLATION, job -> tasks(job.payload()))
                .join(FanIn.tolerating(1), (job, translations) -> done(edition(translations)))
                .on(PRINT, job -> {
                    job.result(TRANSLATE).texts().forEach(FanOutTest::print);
                    return done();
                });
    }

    /** The split: a child for each language, named by it. */
    private static Map<String, Task> tasks(Order order) {
        return order.languages().stream()
                .collect(toMap(language -> language, language -> new Task(order.text(), language)));
    }

    /** The join. */
    private static Edition edition(Children<Text> translations) {
        return new Edition(
                translations.results(),
                translations.counts().total() - translations.counts().completed());
    }

    static Handlers<Task> translation(Translator translator) {
        return Handlers.of(TRANSLATION).on(WRITE, job -> done(translator.translate(job.payload())));
    }
    // end::handlers[]

    /** The application's own code. */
    interface Translator {
        Text translate(Task task);
    }

    private static void print(Text text) {
        PRINTED.add(text.text());
    }

    static Text translate(Task task) {
        return new Text(task.language(), task.language() + ": " + task.text());
    }

    @Test
    void an_edition_is_printed_in_all_languages(JdbiPawl pawl) throws InterruptedException {
        PRINTED.clear();
        Translator translator = FanOutTest::translate;
        JobSnapshot end;
        // tag::worker[]
        try (Worker worker = pawl.worker("edition")
                .run(edition())
                .run(translation(translator)) // this worker does both; others may do one of them
                .start()) {
            JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
            end = pawl.jobs().await(id, SOON);
        }
        // end::worker[]
        assertThat(end).isCompleted();
        assertThat(PRINTED).containsExactly("de: Rain at last", "fr: Rain at last", "ja: Rain at last");
    }

    @Test
    void how_far_it_is_can_be_asked(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        pawl.stepWorker("worker-1", edition()).untilIdle();
        pawl.stepWorkerOn("edition", "worker-2", translation(FanOutTest::translate))
                .stage();

        assertThat(progress(pawl.jobs(), id)).isEqualTo("translate, 1 of 3, 0 failed");
    }

    // tag::progress[]
    /** As {@code translate, 17 of 20, 1 failed}. */
    static String progress(Jobs jobs, JobId id) {
        JobSnapshot job = jobs.find(id).orElseThrow();
        Optional<Children.Counts> children = job.children(); // empty unless its stage has fanned out
        return job.stage().orElse("done")
                + children.map(counts -> ", " + counts.completed() + " of " + counts.total() + ", " + counts.failed()
                                + " failed")
                        .orElse("");
    }
    // end::progress[]

    @Test
    void an_edition_bears_the_loss_of_one_language(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();

        pawl.stepWorker("worker-1", edition(), withoutJapanese()).untilIdle();

        assertThat(pawl.job(id)).isCompleted();
        assertThat(pawl.jobs().result(id, EDITION, TRANSLATE))
                .map(Edition::missing)
                .contains(1);
    }

    private static Handlers<Task> withoutJapanese() {
        return Handlers.of(TRANSLATION)
                .on(
                        WRITE,
                        job -> job.payload().language().equals("ja")
                                ? failed("no dictionary")
                                : done(translate(job.payload())));
    }

    @Test
    void a_failed_edition_is_retried_where_it_failed(InMemoryPawl pawl) {
        PRINTED.clear();
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        Handlers<Order> all = all();
        pawl.stepWorker("worker-1", all, withoutJapanese()).untilIdle();

        assertThat(pawl.job(id)).isFailed();
        // tag::why[]
        Failure failure = pawl.jobs().failures(id).get(0);
        System.out.println(failure.message());
        // 2 of 3 children completed, 0 open, 1 failed, 0 cancelled, but all must complete: ja: no dictionary
        // end::why[]
        assertThat(failure.message())
                .isEqualTo("2 of 3 children completed, 0 open, 1 failed, 0 cancelled, but all must complete:"
                        + " ja: no dictionary");

        // tag::retry[]
        pawl.jobs().retry(id, Actor.user("ann")); // the edition goes on, and of its children only what did not complete
        // end::retry[]
        assertThat(pawl.job(id)).isWaiting().hasOpenChildren(1);
        List<String> languages = new ArrayList<>();
        pawl.stepWorker("worker-2", all, translation(task -> {
                    languages.add(task.language());
                    return translate(task);
                }))
                .untilIdle();
        assertThat(pawl.job(id)).isCompleted();
        assertThat(languages).containsExactly("ja");
        assertThat(PRINTED).hasSize(3);
    }

    private static Handlers<Order> all() {
        // tag::policy[]
        return Handlers.of(EDITION)
                .retrying(RetryPolicy.standard().attempts(3)) // of the split, and of the join
                .fanOut(TRANSLATE)
                .into(TRANSLATION, job -> tasks(job.payload()))
                .join(FanIn.ALL, (job, translations) -> done(edition(translations)))
                // end::policy[]
                .on(PRINT, job -> {
                    job.result(TRANSLATE).texts().forEach(FanOutTest::print);
                    return done();
                });
    }

    @Test
    void the_first_failure_may_end_it(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        Handlers<Order> failFast = Handlers.of(EDITION)
                .fanOut(TRANSLATE)
                .into(TRANSLATION, job -> tasks(job.payload()))
                .join(FanIn.FAIL_FAST, (job, translations) -> done(edition(translations)))
                .on(PRINT, job -> done());

        pawl.stepWorker("worker-1", failFast, Handlers.of(TRANSLATION).on(WRITE, job -> failed("no paper")))
                .untilIdle();

        assertThat(pawl.job(id)).isFailed().hasOpenChildren(0).hasFailedChildren(1);
        assertThat(pawl.job(id).children())
                .map(Children.Counts::cancelled)
                .as("the others were not run")
                .contains(2);
    }

    @Test
    void an_edition_in_no_language_is_joined_at_once(InMemoryPawl pawl) {
        JobId id = pawl.jobs()
                .enqueue(NewJob.of(EDITION, new Order("Rain at last", List.of())))
                .id();

        pawl.stepWorker("worker-1", edition()).untilIdle();

        assertThat(pawl.job(id)).isCompleted();
        assertThat(pawl.jobs().result(id, EDITION, TRANSLATE)).contains(new Edition(List.of(), 0));
    }

    @Test
    void many_children_are_read_in_pages(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        Handlers<Order> edition = Handlers.of(EDITION)
                .fanOut(TRANSLATE)
                .into(TRANSLATION, job -> tasks(job.payload()))
                .join(FanIn.tolerating(1), FanOutTest::joinPageByPage)
                .on(PRINT, job -> done());

        pawl.stepWorker("worker-1", edition, withoutJapanese()).untilIdle();

        assertThat(pawl.jobs().result(id, EDITION, TRANSLATE))
                .map(Edition::texts)
                .contains(List.of(
                        new Text("de", "de: Rain at last"),
                        new Text("fr", "fr: Rain at last"),
                        new Text("ja", "FAILED: no dictionary")));
    }

    // tag::pages[]
    private static Outcome<Edition> joinPageByPage(Attempt<Order> job, Children<Text> translations) {
        List<Text> texts = new ArrayList<>();
        for (Children.Child<Text> child : translations) { // read page by page, in the order of the keys
            texts.add(child.result()
                    .orElseGet(() -> new Text(
                            child.key(), child.status() + ": " + child.failure().orElse("no word"))));
        }
        return done(new Edition(texts, 0));
    }
    // end::pages[]

    @Test
    void children_fan_out_too(InMemoryPawl pawl) {
        PRINTED.clear();
        // tag::nested[]
        record Volume(List<Order> editions) {}
        Stage<Void> editions = Stage.named("editions");
        Pipeline<Volume, Void> yearbook =
                Pipeline.named("yearbook", Volume.class).then(editions);

        Handlers<Volume> handlers = Handlers.of(yearbook)
                .fanOut(editions)
                .into(
                        EDITION, // which has children of its own
                        job -> job.payload().editions().stream().collect(toMap(Order::text, order -> order)))
                .join((job, ended) -> done());
        // end::nested[]
        JobId id = pawl.jobs()
                .enqueue(NewJob.of(yearbook, new Volume(List.of(ORDER, new Order("Sun", List.of("it"))))))
                .id();

        pawl.stepWorker("worker-1", handlers, edition(), translation(FanOutTest::translate))
                .untilIdle();

        assertThat(pawl.job(id)).isCompleted();
        assertThat(PRINTED).hasSize(4);
    }

    @Test
    void a_cancel_reaches_all_below(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        pawl.stepWorker("worker-1", edition()).untilIdle();

        pawl.jobs().cancel(id, Actor.user("ann"));

        assertThat(pawl.job(id)).isCancelled().hasOpenChildren(0);
        assertThat(pawl.stepWorkerOn("edition", "worker-2", translation(FanOutTest::translate))
                        .claim())
                .isEmpty();
    }

    @Test
    void children_are_claimed_from_their_parents_queue(InMemoryPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(EDITION, ORDER)).id();
        pawl.stepWorker("worker-1", edition()).untilIdle();

        // tag::by-hand[]
        for (ClaimedJob<Task> child : pawl.jobs().claim(TRANSLATION, "edition", 10, Duration.ofMinutes(5))) {
            child.checkpoint(WRITE, translate(child.payload())); // the last one wakes its parent
        }
        // end::by-hand[]

        assertThat(pawl.job(id)).isWaiting().hasOpenChildren(0);
        assertThat(pawl.job(id).dueAt()).as("claimable").isPresent();
        assertThat(pawl.job(id).status()).isEqualTo(JobStatus.WAITING);
    }
}
