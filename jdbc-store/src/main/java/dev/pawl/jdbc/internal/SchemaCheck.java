package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether the schema is Pawl's, of this library's version, and open to this role.
 *
 * @param schema its name
 */
record SchemaCheck(SchemaName schema) {
    private static final String TOKENS = "fencing_token";

    /** What {@code grants.sql} gives to the role that works. */
    static final Map<String, Set<String>> NEEDED = Map.ofEntries(
            Map.entry("job", Set.of("select", "insert", "update", "delete")),
            Map.entry("queue", Set.of("select", "insert", "update")),
            Map.entry("lease", Set.of("select", "insert", "update")),
            Map.entry("scan", Set.of("select", "insert", "update")),
            Map.entry("scan_skip", Set.of("select", "insert")),
            Map.entry("tally", Set.of("select", "insert", "delete")),
            Map.entry("tally_mark", Set.of("select", "insert", "update")),
            Map.entry("pipeline", Set.of("select", "insert")),
            Map.entry("checkpoint", Set.of("select", "insert", "delete")),
            Map.entry("failure", Set.of("select", "insert", "delete")),
            Map.entry("operation", Set.of("select", "insert", "delete")),
            Map.entry("poison", Set.of("select", "insert")),
            Map.entry("repair", Set.of("select", "insert")),
            Map.entry("removal", Set.of("select", "insert", "update", "delete")),
            Map.entry("migration", Set.of("select")),
            Map.entry(TOKENS, Set.of("usage")));

    private static final String ROLE = """
            select current_user,
                   has_schema_privilege(oid, 'usage')
              from pg_namespace
             where nspname = ?\
            """;

    /** Names and privileges; whatever may be read of a schema that the role can't use, too. */
    private static final String RELATIONS = """
            select c.relname,
                   c.relkind <> 'S' and has_table_privilege(c.oid, 'select'),
                   c.relkind <> 'S' and has_table_privilege(c.oid, 'insert'),
                   c.relkind <> 'S' and has_table_privilege(c.oid, 'update'),
                   c.relkind <> 'S' and has_table_privilege(c.oid, 'delete'),
                   case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'usage') else false end,
                   (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('version', 'applied_at'))
              from pg_class c
              join pg_namespace n
                on n.oid = c.relnamespace
             where n.nspname = ?
               and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')\
            """;

    List<Finding> findings(Connection connection) throws SQLException {
        Optional<Role> role = role(connection);
        if (role.isEmpty()) {
            return List.of(missing("schema " + schema + " is missing"));
        }
        if (!role.get().mayUse()) {
            return List.of(Finding.refusal(
                    "role " + role.get().name() + " may not use schema " + schema,
                    "Grant it what META-INF/pawl/grants.sql gives to pawl_worker, beginning with: grant usage on schema "
                            + schema + " to " + role.get().name()));
        }
        Map<String, Relation> relations = relations(connection);
        Relation migration = relations.get("migration");
        if (migration == null || !migration.isPawls()) {
            return List.of(
                    relations.isEmpty()
                            ? missing("schema " + schema + " is empty")
                            : Finding.refusal(
                                    "schema " + schema + " is not Pawl's: it has " + some(relations.keySet())
                                            + (migration == null ? ", and no" : ", and another") + " table 'migration'",
                                    "Give Pawl a schema of its own: another name in schema(…) and PawlSchema.migrate"));
        }
        if (!migration.privileges().contains("select")) {
            return List.of(lacking(role.get(), List.of("select on migration")));
        }
        Optional<Finding> wrongVersion = Migrations.judge(schema, version(connection));
        return wrongVersion.isPresent() ? List.of(wrongVersion.get()) : complete(role.get(), relations);
    }

    private List<Finding> complete(Role role, Map<String, Relation> relations) {
        List<String> gone = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        new TreeMap<>(NEEDED).forEach((name, needed) -> {
            Relation relation = relations.get(name);
            if (relation == null) {
                gone.add(name);
            } else if (!relation.privileges().containsAll(needed)) {
                Set<String> missing = new TreeSet<>(needed);
                missing.removeAll(relation.privileges());
                lacking.add(String.join(", ", missing) + " on " + name);
            }
        });
        if (!gone.isEmpty()) {
            return List.of(Finding.refusal(
                    "schema " + schema + " has lost " + String.join(", ", gone),
                    "Restore it from a backup: it says that it has version " + Migrations.current()
                            + ", so no migration makes it again"));
        }
        return lacking.isEmpty() ? List.of() : List.of(lacking(role, lacking));
    }

    private Finding lacking(Role role, List<String> privileges) {
        return Finding.refusal(
                "role " + role.name() + " lacks privileges in schema " + schema + ": " + String.join("; ", privileges),
                "Grant it what META-INF/pawl/grants.sql gives to pawl_worker");
    }

    private Finding missing(String what) {
        return Finding.refusal(
                what,
                "Run PawlSchema.migrate(dataSource, \"" + schema + "\") as a role that may create it, or the files"
                        + " META-INF/pawl/migrations/V*.sql by your migration tool, and see META-INF/pawl/grants.sql");
    }

    private static String some(Set<String> names) {
        List<String> sorted = new ArrayList<>(new TreeSet<>(names));
        return sorted.size() <= 3
                ? String.join(", ", sorted)
                : String.join(", ", sorted.subList(0, 3)) + " and " + (sorted.size() - 3) + " more";
    }

    private Optional<Role> role(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROLE)) {
            statement.setString(1, schema.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Role(row.getString(1), row.getBoolean(2))) : Optional.empty();
            }
        }
    }

    private Map<String, Relation> relations(Connection connection) throws SQLException {
        Map<String, Relation> relations = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(RELATIONS)) {
            statement.setString(1, schema.value());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    relations.put(row.getString(1), relation(row));
                }
            }
        }
        return relations;
    }

    private static Relation relation(ResultSet row) throws SQLException {
        Set<String> privileges = new TreeSet<>();
        List<String> names = List.of("select", "insert", "update", "delete", "usage");
        for (int i = 0; i < names.size(); i++) {
            if (row.getBoolean(2 + i)) {
                privileges.add(names.get(i));
            }
        }
        return new Relation(privileges, row.getInt(7) == 2);
    }

    private int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select coalesce(max(version), 0) from " + schema.quoted() + ".migration")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Who asks. */
    private record Role(String name, boolean mayUse) {}

    /** A table or sequence, and what the role may do with it. */
    private record Relation(Set<String> privileges, boolean isPawls) {}
}
