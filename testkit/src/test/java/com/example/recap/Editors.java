package com.example.recap;

import com.example.recap.Recap.Article;
import com.example.recap.Recap.Articles;
import com.example.recap.Recap.Brief;
import com.example.recap.Recap.Drafts;
import com.example.recap.Recap.GenreDraft;
import com.example.recap.Recap.GenreTask;
import com.example.recap.Recap.Request;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The application's own code, which knows nothing of jobs. */
final class Editors {
    Articles fetch(Request request) {
        return new Articles(List.of(new Article(new UUID(0, 1), "Of " + request.day(), "…")));
    }

    Articles clean(Articles raw) {
        return raw;
    }

    Articles withoutDuplicates(Articles cleaned) {
        return cleaned;
    }

    Map<String, List<Article>> byGenre(Articles articles) {
        return Map.of("politics", articles.list(), "weather", articles.list());
    }

    GenreDraft draft(GenreTask task) {
        return new GenreDraft(task.genre(), task.articles().get(0).title(), 1);
    }

    Drafts best(Drafts drafts) {
        return drafts;
    }

    Brief withEvidence(Drafts chosen, Articles sources) {
        return new Brief(chosen.list().get(0).draft() + ", by " + sources.list().size() + " article");
    }

    Brief polish(Brief brief) {
        return brief;
    }
}
