package dev.pawl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.worker.HandlerRegistry;
import dev.pawl.worker.Handlers;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Stage<Json> FETCH = Stage.named("fetch", Json.class);
    private static final Stage<Json> CLEAN = Stage.named("clean", Json.class);
    private static final Stage<Void> PERSIST = Stage.named("persist");
    private static final Pipeline<Json, Void> V1 =
            Pipeline.named("recap", Json.class).then(FETCH).then(PERSIST);

    @Test
    void stages_keep_their_order_and_their_names_are_unique() {
        assertThat(V1.stageNames()).containsExactly("fetch", "persist");
        assertThat(V1.last()).isEqualTo(PERSIST);
        assertThatThrownBy(() -> V1.then(Stage.named("fetch"))).hasMessageContaining("has a stage 'fetch' already");
    }

    @Test
    void a_stage_of_another_pipeline_or_type_is_refused_with_those_that_there_are() {
        assertThatThrownBy(() -> V1.positionOf(CLEAN))
                .hasMessageContaining("no stage 'clean'")
                .hasMessageContaining("[fetch, persist]");
        assertThatThrownBy(() -> V1.positionOf(Stage.named("fetch", String.class)))
                .hasMessageContaining("java.lang.String");
    }

    @Test
    void a_version_continues_only_a_lower_one_of_the_same_name() {
        assertThatThrownBy(() -> Pipeline.named("recap", Json.class).continuing(V1))
                .hasMessageContaining("lower version");
        assertThatThrownBy(() -> Pipeline.named("other", Json.class).version(2).continuing(V1))
                .hasMessageContaining("of itself");
        assertThatThrownBy(() -> Pipeline.named("recap", Json.class).version(0)).hasMessageContaining("but was 0");
    }

    @Test
    void a_version_adopts_jobs_whose_checkpointed_stages_are_its_first_ones() {
        Pipeline<Json, Void> v2 = Pipeline.named("recap", Json.class)
                .version(2)
                .continuing(V1)
                .then(FETCH)
                .then(CLEAN)
                .then(PERSIST);
        Pipeline<Json, Json> v3 = Pipeline.named("recap", Json.class)
                .version(3)
                .continuing(v2)
                .then(FETCH)
                .then(CLEAN);

        assertThat(HandlerRegistry.runsOf(v3))
                .containsExactly(
                        Runs.asIs("recap", 3, 2), new Runs("recap", 2, 2, 3, 2), new Runs("recap", 1, 1, 3, 2));
        assertThat(new Runs("recap", 1, 1, 3, 2).startsOver(1)).isTrue();
        assertThat(new Runs("recap", 1, 1, 3, 2).startsOver(0)).isFalse();
    }

    @Test
    void handlers_must_be_complete_and_each_stage_has_one() {
        Handlers<Json> some = Handlers.of(V1).on(PERSIST, job -> Outcome.done());

        assertThatThrownBy(() -> new HandlerRegistry(List.of(some), 5, new SplittableRandom()))
                .hasMessageContaining("without a handler: [fetch]");
        assertThatThrownBy(() -> some.on(PERSIST, job -> Outcome.done()))
                .hasMessageContaining("has its handler already");
        assertThatThrownBy(() -> some.replacing(FETCH, job -> Outcome.done(Json.NULL)))
                .hasMessageContaining("no handler to replace");
        assertThatThrownBy(() -> new HandlerRegistry(List.of(), 5, new SplittableRandom()))
                .hasMessageContaining("at least one pipeline");
    }
}
