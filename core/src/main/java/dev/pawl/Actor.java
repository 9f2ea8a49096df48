package dev.pawl;

import dev.pawl.internal.Checks;
import java.util.Objects;
import java.util.Optional;

/**
 * Who did it: the system itself, or a user with an id. Recorded on jobs and on what operators do to them.
 *
 * @param kind the system, or a user
 * @param userId the user's id in the application's own terms; present if and only if {@code kind} is {@code USER}
 */
public record Actor(Kind kind, Optional<String> userId) {

    /** The system itself: a timer, an event, another job. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, Optional.empty());

    /** What kind of actor it was. */
    public enum Kind {
        /** Nobody in particular: a timer, an event, another job. */
        SYSTEM,
        /** A person, or whatever the application gives ids to. */
        USER
    }

    /**
     * Checks that a user has an id and the system has none.
     *
     * @throws IllegalArgumentException if they don't match, or the id isn't 1 to 255 printable characters
     */
    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(userId, "userId");
        if ((kind == Kind.USER) != userId.isPresent()) {
            throw new IllegalArgumentException(kind + " "
                    + userId.map(id -> "must not have a user id, but had '" + Checks.shown(id) + "'")
                            .orElse("must have a user id"));
        }
        userId.ifPresent(id -> Checks.printable("user id", id));
    }

    /**
     * A user.
     *
     * @param id 1 to 255 printable characters
     * @return the actor
     */
    public static Actor user(String id) {
        return new Actor(Kind.USER, Optional.of(Objects.requireNonNull(id, "user id")));
    }

    /** {@code system}, or {@code user ann}. */
    @Override
    public String toString() {
        return userId.map(id -> "user " + id).orElse("system");
    }
}
