package dev.pawl.dashboard;

import dev.pawl.view.JobFilter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a request: those that there are, each once but for what may come several times, and as they should be. */
final class Parameters {
    /** The name of a queue, a pipeline, a stage, a scan. */
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private static final int LONGEST_QUERY = 8_192;
    private static final int MOST = 64;
    private static final int SHOWN = 60;
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    static Parameters of(@Nullable String query, Set<String> known) {
        Map<String, List<String>> values = new TreeMap<>();
        if (query != null && !query.isEmpty()) {
            if (query.length() > LONGEST_QUERY) {
                throw Problem.of(
                        414,
                        "too-long",
                        "A query must have at most " + LONGEST_QUERY + " characters, but had " + query.length() + ".");
            }
            String[] parts = query.split("&", MOST + 1);
            if (parts.length > MOST) {
                throw Problem.of(400, "bad-request", "A query must have at most " + MOST + " parameters.");
            }
            for (String part : parts) {
                int sign = part.indexOf('=');
                String name = decoded(sign < 0 ? part : part.substring(0, sign));
                if (!known.contains(name)) {
                    throw Problem.badParameter(
                            shown(name),
                            "There is no parameter '" + shown(name) + "' here, but there are: "
                                    + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))) + ".");
                }
                values.computeIfAbsent(name, any -> new ArrayList<>())
                        .add(sign < 0 ? "" : decoded(part.substring(sign + 1)));
            }
        }
        return new Parameters(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                    400, "bad-request", "A query must be percent-encoded UTF-8, but has '" + shown(text) + "'.");
        }
    }

    /** The same for requests that mean the same. */
    String canonical() {
        return values.toString();
    }

    Optional<String> text(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        if (all.size() > 1) {
            throw Problem.badParameter(
                    name, "Parameter '" + name + "' must be given once, but was given " + all.size() + " times.");
        }
        return all.stream().findFirst();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A value that some function takes, or refuses by IllegalArgumentException. */
    <T> Optional<T> value(String name, String what, Function<String, T> parse) {
        return text(name).map(text -> parsed(name, what, parse, text));
    }

    <T> List<T> values(String name, String what, Function<String, T> parse) {
        return all(name).stream().map(text -> parsed(name, what, parse, text)).toList();
    }

    private static <T> T parsed(String name, String what, Function<String, T> parse, String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
            throw bad(name, what, text);
        }
    }

    static Problem bad(String name, String what, String value) {
        return Problem.badParameter(name, "'" + name + "' must be " + what + ", but was '" + shown(value) + "'.");
    }

    Optional<String> name(String name) {
        return value(
                name, "1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit", Parameters::checked);
    }

    private static String checked(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    int number(String name, int least, int most, int standard) {
        return value(name, least + " to " + most, text -> {
                    int number = Integer.parseInt(text);
                    if (number < least || number > most) {
                        throw new IllegalArgumentException(text);
                    }
                    return number;
                })
                .orElse(standard);
    }

    boolean flag(String name) {
        return value(name, "true or false", text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException(text);
                })
                .orElse(false);
    }

    Optional<Instant> time(String name) {
        return value(name, "a time of 1970 to 9999, like 2026-02-16T04:05:06Z", text -> {
            Instant time = Instant.parse(text);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new IllegalArgumentException(text);
            }
            return time;
        });
    }

    Optional<Duration> length(String name) {
        return value(name, "a length of time, like PT24H or P7D", Duration::parse);
    }

    /** A span of which one end may be open. */
    Optional<JobFilter.Between> span(String from, String to) {
        Optional<Instant> beginning = time(from);
        Optional<Instant> end = time(to);
        if (beginning.isEmpty() && end.isEmpty()) {
            return Optional.empty();
        }
        Instant first = beginning.orElse(EARLIEST);
        Instant last = end.orElse(LATEST);
        if (last.isBefore(first)) {
            throw Problem.badParameter(
                    to,
                    "'" + to + "' must not be before '" + from + "', but was " + last + ", and that is " + first + ".");
        }
        return Optional.of(new JobFilter.Between(first, last));
    }

    /** A value as messages show it: not too long, and what can't be seen as '?'. */
    static String shown(String value) {
        String start = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        return start.codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                        ? '?'
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
