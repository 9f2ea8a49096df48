package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A scan page by page: Pawl's, or the one that got stuck. */
interface PagedScan {
    /**
     * Handles the next page.
     *
     * @param process whether it processed a row, or found that there was nothing to do for it
     * @return the page's rows; none where it found nothing
     */
    List<Row> page(Predicate<Row> process);

    /** Pawl's, of which each call walks one page. */
    final class Pawls implements PagedScan {
        private final Scan scan;
        private final List<Row> rows = new ArrayList<>();
        private Predicate<Row> processing = row -> false;
        private long processed;

        /** Whose pages are given to what {@code scans} is given. */
        Pawls(Function<Consumer<Page<Row>>, Scan> scans) {
            this.scan = scans.apply(this::handle);
        }

        private void handle(Page<Row> page) {
            rows.addAll(page.rows());
            processed = page.rows().stream().filter(processing).count();
        }

        @Override
        public List<Row> page(Predicate<Row> process) {
            rows.clear();
            processing = process;
            Walked walked = scan.page();
            assertThat(walked.stop())
                    .as("%s, %s processed", walked, processed)
                    .isIn(Walked.Stop.WRAPPED, Walked.Stop.HAS_SUCCESSOR);
            return List.copyOf(rows);
        }
    }

    /** The counter-example, as the incident found it: {@code if (!hasMore && processed > 0) cursor = null}. */
    final class Naive implements PagedScan {
        private final RowSource<Row> rows;
        private Optional<Slice<Row>> last = Optional.empty();

        Naive(RowSource<Row> rows) {
            this.rows = rows;
        }

        @Override
        public List<Row> page(Predicate<Row> process) {
            Slice<Row> page =
                    rows.slice(last.flatMap(Slice::last), rows.lastKey().orElseThrow());
            long processed = page.rows().stream().filter(process).count();
            if (!page.rows().isEmpty()) {
                last = Optional.of(page);
            }
            if (!page.hasSuccessor() && processed > 0) {
                last = Optional.empty();
            }
            return page.rows();
        }
    }
}
