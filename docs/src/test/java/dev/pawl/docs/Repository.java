package dev.pawl.docs;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files are that these checks read: Maven runs a module's tests in the module's directory. */
final class Repository {
    static final Path ROOT = root();
    static final Path README = ROOT.resolve("README.md");
    static final Path GUIDE = ROOT.resolve("docs/guide");
    static final Path EXAMPLES = ROOT.resolve("docs/src/test");

    private Repository() {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.exists(here.resolve("docs/adr")) ? here : here.getParent();
        if (!Files.exists(root.resolve("docs/adr"))) {
            throw new IllegalStateException(
                    "run these tests in the repository or in its directory docs, not in " + here);
        }
        return root;
    }
}
