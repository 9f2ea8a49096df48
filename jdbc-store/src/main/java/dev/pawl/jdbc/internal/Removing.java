package dev.pawl.jdbc.internal;

import dev.pawl.store.Removal;
import dev.pawl.store.Removal.Below;
import dev.pawl.store.Removal.Bounds;
import dev.pawl.store.Removal.Choice;
import dev.pawl.store.Removal.Place;
import dev.pawl.store.Removal.Root;
import dev.pawl.store.Removed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One step of retention, within one transaction. It locks what it removes before that, from the top of a tree down, and passes over what
 * somebody has locked. Whoever retries a job locks it first, too: so one of the two finds the other's lock, or what the other did.
 */
final class Removing {
    private static final int TREES_AT_ONCE = 50;

    private final RemovalSql sql;
    private final Removal what;
    private final Bounds bounds;

    Removing(Handle handle, Removal what, @Nullable Instant time) {
        TallySql tallies = new TallySql(handle, time);
        this.sql = new RemovalSql(handle, what.queue());
        this.what = what;
        this.bounds = what.bounds(tallies.now(), tallies.mark(what.queue(), false));
    }

    Removed step() {
        int followed = goOn();
        if (followed == what.most()) {
            return new Removed(followed, Optional.of(what.place()));
        }
        Optional<Place> end = sql.end(what.place(), bounds.roots(), what.most());
        List<Root> roots = sql.lockRoots(what.place(), end, bounds.roots(), what.as());
        Map<UUID, Below> below = below(roots, what.most() - followed);
        Choice choice = what.choose(roots, below, what.most() - followed);
        int removed = removeWhole(choice.whole(), below) + begin(choice.begun());
        return new Removed(followed + removed, choice.next().or(() -> end));
    }

    /** Goes on with trees that were begun; a generation at a time, so that no parent is left with some of its children. */
    private int goOn() {
        int removed = 0;
        while (removed < what.most()) {
            List<RemovalSql.Begun> begun = sql.lockBegun(TREES_AT_ONCE);
            if (begun.isEmpty()) {
                break;
            }
            List<UUID> children = sql.lockChildren(begun, bounds.others(), what.most() - removed);
            sql.begin(children);
            sql.delete(children);
            sql.end(begun);
            removed += children.size();
            if (children.isEmpty()) { // somebody has them locked, or they are to be cancelled first
                break;
            }
        }
        return removed;
    }

    /** Of as many as there may be room for: each has a child at least. */
    private Map<UUID, Below> below(List<Root> roots, int room) {
        Map<UUID, Below> below = new HashMap<>();
        List<UUID> parents = roots.stream()
                .filter(Root::hasChildren)
                .map(root -> root.place().id())
                .toList();
        int jobs = 0;
        for (int from = 0; from < parents.size() && jobs < room; from += TREES_AT_ONCE) {
            List<UUID> some = parents.subList(from, Math.min(from + TREES_AT_ONCE, parents.size()));
            Map<UUID, Below> found = sql.below(some, bounds.others());
            for (UUID parent : some) {
                Below tree = found.getOrDefault(parent, Below.NOTHING);
                below.put(parent, tree);
                jobs += tree.over() ? Math.min(tree.jobs(), room) : 0;
            }
        }
        return below;
    }

    /** All that is below a root, or nothing of its tree. */
    private int removeWhole(List<UUID> roots, Map<UUID, Below> below) {
        Map<UUID, List<UUID>> trees = new HashMap<>();
        List<RemovalSql.Node> generation = roots.stream()
                .filter(below::containsKey)
                .map(root -> new RemovalSql.Node(root, root))
                .toList();
        while (!generation.isEmpty()) {
            generation = sql.lockChildren(generation, bounds.others());
            generation.forEach(node -> trees.computeIfAbsent(node.root(), root -> new ArrayList<>())
                    .add(node.id()));
        }
        Set<UUID> gone = new HashSet<>();
        for (UUID root : roots) {
            List<UUID> tree = trees.getOrDefault(root, List.of());
            if (tree.size() == below.getOrDefault(root, Below.NOTHING).jobs()) {
                gone.add(root);
                gone.addAll(tree);
            }
        }
        sql.delete(List.copyOf(gone));
        return gone.size();
    }

    private int begin(Optional<UUID> root) {
        List<UUID> begun = root.stream().toList();
        sql.begin(begun);
        sql.delete(begun);
        return begun.size();
    }
}
