package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private static final Instant NOW = Instant.parse("2026-02-16T06:00:00.123Z");

    @Test
    void ids_are_uuids_of_version_7_and_bear_the_time() {
        UUID id = new JobIds(() -> NOW).next("recap").uuid();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void ids_rise_even_within_a_millisecond_and_when_the_clock_goes_back() {
        Instant[] now = {NOW};
        JobIds ids = new JobIds(() -> now[0]);
        Stream<UUID> before = Stream.generate(() -> ids.next("q").uuid()).limit(10_000);
        List<String> all = Stream.concat(
                        before,
                        Stream.generate(() -> {
                                    now[0] = NOW.minusSeconds(3_600);
                                    return ids.next("q").uuid();
                                })
                                .limit(100))
                .map(UUID::toString)
                .toList();

        assertThat(all).isSorted().doesNotHaveDuplicates();
    }
}
