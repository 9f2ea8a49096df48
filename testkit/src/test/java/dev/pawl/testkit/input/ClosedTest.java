package dev.pawl.testkit.input;

import static dev.pawl.testkit.input.Desk.ANN;
import static dev.pawl.testkit.input.Desk.FETCH;
import static dev.pawl.testkit.input.Desk.LEASE;
import static dev.pawl.testkit.input.Desk.RECAP;
import static dev.pawl.testkit.input.Desk.SEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.job.Outcome;
import dev.pawl.job.RetryPolicy;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of calls after the end. */
class ClosedTest {
    private static final Handlers<Json> HANDLERS =
            Handlers.of(RECAP).on(FETCH, job -> Outcome.done(Json.NULL)).on(SEND, job -> Outcome.done());

    @FunctionalInterface
    interface Call {
        void on(Desk desk) throws Exception;
    }

    private static Arguments call(String name, Call call) {
        return Arguments.of(name, call);
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                        call("enqueue", desk -> desk.jobs().enqueue(desk.job(Json.NULL))),
                        call("enqueueAll", desk -> desk.jobs().enqueueAll(List.of(desk.job(Json.NULL)))),
                        call("claim", desk -> desk.jobs().claim(RECAP, desk.queue(), 1, LEASE)),
                        call("find", desk -> desk.jobs().find(desk.pending())),
                        call("failures", desk -> desk.jobs().failures(desk.pending())),
                        call("result", desk -> desk.jobs().result(desk.pending(), RECAP)),
                        call("await", desk -> desk.jobs().await(desk.pending(), Duration.ofMinutes(1))),
                        call("cancel", desk -> desk.jobs().cancel(desk.pending(), ANN)),
                        call("retry", desk -> desk.jobs().retry(desk.pending(), ANN)),
                        call("pause", desk -> desk.jobs().pause(desk.queue(), ANN)),
                        call("resume", desk -> desk.jobs().resume(desk.queue(), ANN)),
                        call("isPaused", desk -> desk.jobs().isPaused(desk.queue())),
                        call("worker", desk -> desk.any().pawl().worker(desk.queue())),
                        call("checkpoint of a claimed job", desk -> desk.held().checkpoint(FETCH, Json.NULL)),
                        call(
                                "saveProgress of a claimed job",
                                desk -> desk.held().saveProgress(Json.NULL)),
                        call("renew of a claimed job", desk -> desk.held().renew()),
                        call("release of a claimed job", desk -> desk.held().release()),
                        call(
                                "fail of a claimed job",
                                desk -> desk.held().fail(new IllegalStateException("no"), RetryPolicy.never())))
                .flatMap(
                        call -> Stream.of(Over.values()).map(over -> Arguments.of(call.get()[0], call.get()[1], over)));
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("calls")
    void a_closed_pawl_refuses_every_call_and_changes_nothing(String name, Call call, Over over) {
        Desk desk = Desk.over(over);
        String before = desk.stored();
        desk.close();

        assertThatThrownBy(() -> call.on(desk))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this Pawl is closed");

        assertThat(desk.stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_was_described_before_does_not_start_after(Over over) {
        Desk desk = Desk.over(over);
        Worker.Builder described = desk.any().pawl().worker(desk.queue()).run(HANDLERS);
        desk.close();

        assertThatThrownBy(described::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this Pawl is closed: nothing was done; open another one");
    }

    @ParameterizedTest
    @EnumSource
    void closing_again_and_waking_what_is_closed_does_nothing(Over over) {
        Desk desk = Desk.over(over);
        Worker worker = desk.any().pawl().worker(desk.queue()).run(HANDLERS).start();
        worker.close();

        List<Executable> late =
                List.of(worker::wake, worker::close, desk::close, worker::wake, worker::close, desk::close);

        assertThat(late).allSatisfy(call -> assertThatCode(call::execute).doesNotThrowAnyException());
        assertThat(worker.held()).isZero();
    }
}
