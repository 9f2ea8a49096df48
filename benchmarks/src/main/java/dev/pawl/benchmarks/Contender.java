package dev.pawl.benchmarks;

import javax.sql.DataSource;

/** One way to do the work. */
interface Contender {
    String name();

    /** Makes the tables anew and enqueues the jobs; not measured. */
    void prepare(DataSource dataSource, Workload workload) throws Exception;

    /**
     * Does the work with so many threads, and returns once the last job's end is committed; measured.
     *
     * @return what is to be closed after the clock was stopped
     */
    AutoCloseable run(DataSource dataSource, Workload workload, int threads) throws Exception;

    /** How many jobs the tables show as done, asked after the clock was stopped. */
    int completed(DataSource dataSource, Workload workload) throws Exception;
}
