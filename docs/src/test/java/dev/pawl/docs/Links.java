package dev.pawl.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds links that lead nowhere: to a file that is not there, or a heading that its file does not have. */
final class Links {
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z][a-z0-9+.-]*:.*");

    private Links() {}

    static List<String> dead(List<Markdown> documents) {
        List<String> dead = new ArrayList<>();
        for (Markdown document : documents) {
            for (Markdown.Link link : document.links()) {
                if (!ELSEWHERE.matcher(link.target()).matches()) {
                    check(document, link, dead);
                }
            }
        }
        return dead;
    }

    private static void check(Markdown document, Markdown.Link link, List<String> dead) {
        String where = document.file() + ":" + link.line() + ": " + link.target();
        int hash = link.target().indexOf('#');
        String path = hash < 0 ? link.target() : link.target().substring(0, hash);
        Path target = path.isEmpty()
                ? document.file()
                : document.file().resolveSibling(path).normalize();
        if (path.startsWith("/") || !Files.exists(target)) {
            dead.add(where + " is not there");
        } else if (hash >= 0
                && !Markdown.read(target).anchors().contains(link.target().substring(hash + 1))) {
            dead.add(where + " is no heading of that file");
        }
    }
}
