package dev.pawl.dashboard;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps other sites from acting by a visitor's browser. The browser has a secret in a cookie that scripts can't read and other sites'
 * requests don't bear; the page has a code of that secret and the visitor, which it was told, and sends with each action. Nothing is kept here.
 */
final class Csrf {
    static final String HEADER = "Pawl-Csrf";
    private static final String COOKIE = "pawl-csrf";
    private static final Pattern SECRET = Pattern.compile("[0-9a-f]{64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    Csrf(byte[] key) {
        this.key = key.clone();
    }

    static byte[] newKey() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return key;
    }

    /** The visitor's token; gives the browser a secret if it has none. */
    String token(HttpServletRequest request, HttpServletResponse response, Visitor visitor) {
        String secret = secret(request).orElseGet(() -> {
            String fresh = HexFormat.of().formatHex(newKey());
            // without a path: that of the request is right, whatever prefix a proxy adds or takes away
            response.addHeader(
                    "Set-Cookie",
                    COOKIE + "=" + fresh + "; HttpOnly; SameSite=Strict" + (isSecure(request) ? "; Secure" : ""));
            return fresh;
        });
        return code(secret, visitor);
    }

    /** Refuses an action that did not come from the page. */
    void check(HttpServletRequest request, Visitor visitor) {
        checkOrigin(request);
        String sent = Optional.ofNullable(request.getHeader(HEADER)).orElse("");
        boolean right = secret(request)
                .map(secret -> MessageDigest.isEqual(
                        code(secret, visitor).getBytes(StandardCharsets.US_ASCII),
                        sent.getBytes(StandardCharsets.UTF_8)))
                .orElse(false);
        if (!right) {
            throw Problem.of(
                    403,
                    "csrf",
                    "An action needs the header " + HEADER
                            + " with the token of v1/session, and the cookie that came with it. Load"
                            + " the page anew; where several processes serve it, give them the same key (Dashboard.csrfKey).");
        }
    }

    private static void checkOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            if (!site.equals("same-origin")) {
                throw elsewhere("Sec-Fetch-Site: " + Parameters.shown(site));
            }
            return; // by the browser itself, which knows better than we do what is behind a proxy
        }
        String origin = request.getHeader("Origin");
        String host = Optional.ofNullable(request.getHeader("X-Forwarded-Host")).orElse(request.getHeader("Host"));
        if (origin != null && !origin.endsWith("://" + host)) {
            throw elsewhere("Origin: " + Parameters.shown(origin));
        }
    }

    private static Problem elsewhere(String header) {
        return Problem.of(
                403, "csrf", "An action must come from the dashboard's own page, but came with " + header + ".");
    }

    private static Optional<String> secret(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Stream.of(cookies)
                        .filter(cookie -> cookie.getName().equals(COOKIE))
                        .map(Cookie::getValue)
                        .filter(value -> SECRET.matcher(value).matches())
                        .findFirst();
    }

    private static boolean isSecure(HttpServletRequest request) {
        return request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }

    private String code(String secret, Visitor visitor) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal((secret + '\n' + visitor.id()).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HmacSHA256", impossible);
        }
    }
}
