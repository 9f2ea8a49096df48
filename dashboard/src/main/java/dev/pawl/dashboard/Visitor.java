package dev.pawl.dashboard;

import dev.pawl.Actor;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Who asks, as the host's {@link Access} says. Immutable.
 *
 * @param id the user's id in the host's own terms, by which what they do is recorded: 1 to 255 printable characters
 * @param name for people
 * @param permissions what they may do
 */
public record Visitor(String id, String name, Set<Permission> permissions) {
    /** Checks the id. */
    public Visitor {
        Actor.user(id);
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(permissions, "permissions");
        permissions = permissions.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(permissions));
    }

    /**
     * One who may look, and nothing else.
     *
     * @param id the user's
     * @return the visitor
     */
    public static Visitor viewer(String id) {
        return new Visitor(id, id, Set.of(Permission.VIEW));
    }

    /**
     * One who may do all that is switched on.
     *
     * @param id the user's
     * @return the visitor
     */
    public static Visitor operator(String id) {
        return new Visitor(id, id, EnumSet.allOf(Permission.class));
    }

    Actor actor() {
        return Actor.user(id);
    }
}
