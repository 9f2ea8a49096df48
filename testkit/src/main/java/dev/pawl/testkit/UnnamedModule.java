package dev.pawl.testkit;

/**
 * Lets a class of this module use what is on the class path. Embedded PostgreSQL and Testcontainers have no module names
 * that a published module could require.
 */
final class UnnamedModule {
    private UnnamedModule() {}

    static void readBy(Class<?> reader) {
        if (reader.getModule().isNamed()) {
            reader.getModule().addReads(ClassLoader.getSystemClassLoader().getUnnamedModule());
        }
    }
}
