package dev.pawl;

/** Knows {@link Json}, which never comes to a codec, and so refuses everything. */
final class NoCodec implements JsonCodec {
    static final NoCodec INSTANCE = new NoCodec();

    @Override
    public Json write(Object value) {
        throw refused("write", value.getClass());
    }

    @Override
    public <T> T read(Json json, Class<T> type) {
        throw refused("read", type);
    }

    @Override
    public String toString() {
        return "JsonCodec.none()";
    }

    private static IllegalStateException refused(String verb, Class<?> type) {
        return new IllegalStateException(
                "can't " + verb + " " + type.getName()
                        + " without a JSON codec: give Pawl one when opening it (pawl-jackson has JacksonCodec), or use dev.pawl.Json as the type");
    }
}
