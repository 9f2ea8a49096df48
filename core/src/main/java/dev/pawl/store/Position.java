package dev.pawl.store;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import dev.pawl.view.JobFilter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A place in a listing of jobs: after this one. The order is total: the time of the end, where that counts, and the id, both falling,
 * and then the queue.
 *
 * @param endedAt the job's, in a listing by ends
 * @param id the job
 */
public record Position(Optional<Instant> endedAt, JobId id) {
    /** Ids as the database compares them: as 16 bytes. */
    public static final Comparator<UUID> UUIDS = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    /** The order of a listing: newest first. */
    public static final Comparator<Position> ORDER = Comparator.comparing(
                    (Position position) -> position.endedAt().orElse(Instant.MIN))
            .thenComparing(position -> position.id().uuid(), UUIDS)
            .reversed()
            .thenComparing(position -> position.id().queue());

    private static final byte FORM = 1;
    private static final int LONGEST = 256;

    /** Checks that nothing is missing. */
    public Position {
        Objects.requireNonNull(endedAt, "endedAt");
        Objects.requireNonNull(id, "id");
    }

    /**
     * As text, for whoever asks for the next page: a form, the filter's mark, the position, and a sum of all that.
     *
     * @param filter of the listing
     * @return letters, digits, '-' and '_'
     */
    public String text(JobFilter filter) {
        byte[] queue = id.queue().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(1 + 4 + 1 + 8 + 16 + queue.length + 4);
        bytes.put(FORM).putInt(markOf(filter)).put((byte) (endedAt.isPresent() ? 1 : 0));
        bytes.putLong(endedAt.map(Position::micros).orElse(0L));
        bytes.putLong(id.uuid().getMostSignificantBits()).putLong(id.uuid().getLeastSignificantBits());
        bytes.put(queue);
        bytes.putInt(sum(bytes.array(), bytes.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Reads what {@link #text} printed.
     *
     * @param text the position
     * @param filter of the listing
     * @return the position
     * @throws IllegalArgumentException if it is damaged, or of another filter
     */
    public static Position parse(String text, JobFilter filter) {
        Objects.requireNonNull(text, "text");
        try {
            byte[] all = text.length() > LONGEST
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(text);
            ByteBuffer bytes = ByteBuffer.wrap(all);
            int end = all.length - 4;
            if (end < 0 || bytes.get(0) != FORM || bytes.getInt(end) != sum(all, end)) {
                throw damaged(text, null);
            }
            bytes.get();
            if (bytes.getInt() != markOf(filter)) {
                throw new IllegalArgumentException(
                        "position '" + Checks.shown(text) + "' is of a listing with another filter than " + filter
                                + ": ask for that listing's first page");
            }
            boolean ended = bytes.get() == 1;
            Instant at = Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS);
            UUID uuid = new UUID(bytes.getLong(), bytes.getLong());
            byte[] queue = new byte[end - bytes.position()];
            bytes.get(queue);
            return new Position(
                    ended ? Optional.of(at) : Optional.empty(),
                    new JobId(new String(queue, StandardCharsets.UTF_8), uuid));
        } catch (BufferUnderflowException | NegativeArraySizeException | IndexOutOfBoundsException notOurs) {
            throw damaged(text, notOurs);
        } catch (IllegalArgumentException notOurs) {
            throw String.valueOf(notOurs.getMessage()).startsWith("position '") ? notOurs : damaged(text, notOurs);
        }
    }

    private static IllegalArgumentException damaged(String text, @Nullable Throwable why) {
        return new IllegalArgumentException(
                "position '" + Checks.shown(text) + "' is damaged, or none of a listing: ask for the first page", why);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static int markOf(JobFilter filter) {
        byte[] text = filter.toString().getBytes(StandardCharsets.UTF_8);
        return sum(text, text.length);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
