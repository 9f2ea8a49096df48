package dev.pawl.docs.guide;

import dev.pawl.docs.guide.Digest.Articles;
import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.docs.guide.Digest.Summary;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The application's own code, which knows nothing of jobs. */
final class Newsroom {
    private final Queue<String> published = new ConcurrentLinkedQueue<>();

    Articles fetch(Request request) {
        return new Articles(List.of("Rain on " + request.day(), "Sun after the rain"));
    }

    Summary summarise(Articles articles) {
        return new Summary(String.join("; ", articles.texts()));
    }

    Summary translate(Summary summary, String language) {
        return new Summary(language + ": " + summary.text());
    }

    void publish(Summary summary) {
        published.add(summary.text());
    }

    List<String> published() {
        return List.copyOf(published);
    }
}
