package dev.pawl.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the page, as it is sent. Immutable.
 *
 * @param type its media type
 * @param plain its bytes
 * @param zipped the same by gzip; empty if that is not shorter
 * @param etag a strong one, of the bytes
 * @param immutable whether its name tells its version, so that it never changes under it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageFile(String type, byte[] plain, Optional<byte[]> zipped, String etag, boolean immutable) {
    private static final String ROOT = "page/";
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Pattern VERSIONED = Pattern.compile(".*(?:[.-][0-9a-f]{8,}\\.|[-@]\\d+\\.\\d+\\.\\d+[./-]).*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "txt", "text/plain; charset=utf-8",
            "webmanifest", "application/manifest+json");

    /** The file of that name; empty if there is none, or if the name could leave the page's directory. */
    static Optional<PageFile> named(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return read(ROOT + name)
                .map(bytes -> of(type, bytes, VERSIONED.matcher(name).matches()));
    }

    /** The description of the API. */
    static PageFile openApi() {
        return of(
                "application/yaml",
                read("openapi.yaml").orElseThrow(() -> new IllegalStateException("openapi.yaml is not in the jar")),
                false);
    }

    private static PageFile of(String type, byte[] bytes, boolean immutable) {
        byte[] zipped = zip(bytes);
        boolean shorter = zipped.length < bytes.length && !type.startsWith("font/") && !type.equals("image/png");
        return new PageFile(type, bytes, shorter ? Optional.of(zipped) : Optional.empty(), etag(bytes), immutable);
    }

    private static Optional<byte[]> read(String path) {
        try (InputStream stream = PageFile.class.getResourceAsStream(path)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + path + " of the dashboard's jar", e);
        }
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return zipped.toByteArray();
    }

    /** A quoted digest, as HTTP wants it. */
    static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
