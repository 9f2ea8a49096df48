package dev.pawl.testkit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** One direction of a connection: what is sent comes out in the same order, each after its delay, however much there is. */
final class Wire {
    private static final int BUFFER = 1 << 16;
    private static final byte[] END = {};

    private record Parcel(ByteBuffer bytes, long due) {}

    private final BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>();
    private final LongSupplier delayNanos;
    private final BooleanSupplier isDead;

    /**
     * A live one.
     *
     * @param isDead whether what is still under way vanishes
     */
    Wire(LongSupplier delayNanos, BooleanSupplier isDead) {
        this.delayNanos = delayNanos;
        this.isDead = isDead;
    }

    /** At least one byte. */
    void send(byte[] bytes) {
        underWay.add(new Parcel(ByteBuffer.wrap(bytes), System.nanoTime() + delayNanos.getAsLong()));
    }

    /** Nothing comes after this. */
    void end() {
        send(END);
    }

    /** Writes what was sent, until its end. */
    void deliver(OutputStream to) throws IOException, InterruptedException {
        OutputStream out = new BufferedOutputStream(to, BUFFER);
        for (Parcel next = underWay.take(); next.bytes().hasRemaining(); next = next(out)) {
            await(next, out);
            if (!isDead.getAsBoolean()) {
                out.write(next.bytes().array());
            }
        }
        out.flush();
    }

    private Parcel next(OutputStream out) throws IOException, InterruptedException {
        Parcel next = underWay.poll();
        if (next == null) {
            out.flush();
            next = underWay.take();
        }
        return next;
    }

    private static void await(Parcel parcel, OutputStream out) throws IOException, InterruptedException {
        long left = parcel.due() - System.nanoTime();
        if (left > 0) {
            out.flush();
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
