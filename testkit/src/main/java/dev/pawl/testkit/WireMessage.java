package dev.pawl.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message of PostgreSQL's protocol, whole: a byte that says what it is, four with the length of the rest, themselves
 * included, and the rest. What a client begins with has no such byte.
 */
final class WireMessage {
    private static final char START_UP = '\0';
    private static final int LENGTH = Integer.BYTES;

    /** Parse, bind, describe, execute and close: what is done with a prepared statement, up to a sync. */
    private static final String WITH_MORE_TO_COME = "PBDEC";

    private final char type;
    private final byte[] bytes;

    private WireMessage(char type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** The next of those that have a type; null at the end. */
    static @Nullable WireMessage read(DataInputStream in) throws IOException {
        int type = in.read();
        return type < 0 ? null : read((char) type, in);
    }

    /** What a client begins with; null at the end. */
    static @Nullable WireMessage readStartUp(DataInputStream in) throws IOException {
        try {
            return read(START_UP, in);
        } catch (EOFException gone) {
            return null;
        }
    }

    private static WireMessage read(char type, DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < LENGTH) {
            throw new IOException("not PostgreSQL's protocol: a message '" + type + "' of length " + length);
        }
        int typed = type == START_UP ? 0 : 1;
        ByteBuffer all = ByteBuffer.allocate(typed + length);
        if (typed == 1) {
            all.put((byte) type);
        }
        all.putInt(length);
        in.readFully(all.array(), all.position(), all.remaining());
        return new WireMessage(type, all.array());
    }

    char type() {
        return type;
    }

    /** Of a client's: whether the server answers now, and not only when more has come. */
    boolean endsRequest() {
        return WITH_MORE_TO_COME.indexOf(type) < 0;
    }

    /** All of it, as it came; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** The number that a client begins with: the protocol's version, or what else it asks for. */
    int startUpCode() {
        return ByteBuffer.wrap(bytes).getInt(LENGTH);
    }

    /** A byte of the body. */
    char letter(int at) {
        return (char) bytes[1 + LENGTH + at];
    }

    /** A text of the body, each of which ends with a zero byte: the one so many texts after a place. */
    String text(int from, int skipped) {
        int start = 1 + LENGTH + from;
        for (int i = 0; i < skipped; i++) {
            start = end(start) + 1;
        }
        return new String(bytes, start, end(start) - start, StandardCharsets.UTF_8);
    }

    private int end(int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Math.min(end, bytes.length);
    }

    /** Its type and length. */
    @Override
    public String toString() {
        return (type == START_UP ? "start-up" : "'" + type + "'") + " of " + bytes.length + " bytes";
    }
}
