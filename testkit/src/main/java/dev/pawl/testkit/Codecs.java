package dev.pawl.testkit;

import dev.pawl.JsonCodec;
import dev.pawl.jackson.JacksonCodec;

/** The codec of a test that names none. */
final class Codecs {
    private Codecs() {}

    /** Jackson's if it is there, as in production; else values are kept as they are. */
    static JsonCodec standard() {
        try {
            return new JacksonCodec();
        } catch (NoClassDefFoundError withoutJackson) {
            return new KeepingCodec();
        }
    }
}
