package dev.pawl.docs.guide;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class TransactionsTest {
    // tag::pipeline[]
    record Order(UUID id, String item) {}

    static final Stage<Void> SHIP = Stage.named("ship");
    static final Pipeline<Order, Void> FULFIL =
            Pipeline.named("fulfil", Order.class).then(SHIP);
    // end::pipeline[]

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Order order = new Order(UUID.randomUUID(), "lamp");

    @BeforeEach
    void tables(DataSource dataSource) {
        Jdbi.create(dataSource).useHandle(handle -> {
            handle.execute(
                    "create table if not exists orders (id uuid primary key, item text, token bigint not null default 0)");
            handle.execute("create table if not exists shipment (order_id uuid primary key, token bigint not null)");
            handle.execute("truncate orders, shipment");
        });
    }

    @Test
    void an_order_and_its_job_are_one_commit_with_jdbi(DataSource dataSource, JdbiPawl pawl) {
        Jdbi jdbi = Jdbi.create(dataSource);
        // tag::jdbi[]
        jdbi.useTransaction(handle -> {
            handle.createUpdate("insert into orders (id, item) values (:id, :item)")
                    .bind("id", order.id())
                    .bind("item", order.item())
                    .execute();
            pawl.in(handle).enqueue(NewJob.of(FULFIL, order).key(order.id().toString()));
        });
        // end::jdbi[]

        assertThat(pawl.jobs().claim(FULFIL, 10, SOON))
                .singleElement()
                .satisfies(job -> assertThat(job.payload()).isEqualTo(order));
    }

    @Test
    void an_order_and_its_job_are_one_commit_with_jdbc(DataSource dataSource, JdbiPawl pawl) throws SQLException {
        // tag::jdbc[]
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into orders (id, item) values (?, ?)")) {
                insert.setObject(1, order.id());
                insert.setString(2, order.item());
                insert.executeUpdate();
            }
            pawl.in(connection).enqueue(NewJob.of(FULFIL, order).key(order.id().toString()));
            connection.commit(); // ours to do: Pawl never does
        }
        // end::jdbc[]

        assertThat(pawl.jobs().claim(FULFIL, 10, SOON)).hasSize(1);
    }

    @Test
    void what_is_rolled_back_was_never_enqueued(DataSource dataSource, JdbiPawl pawl) {
        Jdbi.create(dataSource).useTransaction(handle -> {
            pawl.in(handle).enqueue(NewJob.of(FULFIL, order));
            handle.rollback();
        });

        assertThat(pawl.jobs().claim(FULFIL, 10, SOON)).isEmpty();
    }

    @Test
    void a_connection_in_auto_commit_mode_is_refused(DataSource dataSource, JdbiPawl pawl) {
        Jdbi.create(dataSource)
                .useHandle(handle -> assertThatThrownBy(() -> pawl.in(handle).enqueue(NewJob.of(FULFIL, order)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("auto-commit"));
    }

    // tag::transactional[]
    static Handlers<Order> fulfilment(JdbiPawl pawl) {
        return Handlers.of(FULFIL).on(SHIP, pawl.transactional(TransactionsTest::ship));
    }

    /** One commit: the shipment and the checkpoint. If the lease was lost, neither. */
    private static Outcome<Void> ship(Attempt<Order> job, Handle handle) {
        handle.createUpdate("insert into shipment (order_id, token) values (:order, :token)")
                .bind("order", job.payload().id())
                .bind("token", job.token().value())
                .execute();
        return done();
    }
    // end::transactional[]

    @Test
    void a_stage_ships_exactly_once(DataSource dataSource, JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(FULFIL, order)).id();

        try (Worker worker = pawl.worker("fulfil").run(fulfilment(pawl)).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(shipments(dataSource)).isEqualTo(1);
    }

    @Test
    void a_lost_lease_takes_the_rows_with_it(DataSource dataSource, JdbiPawl pawl) {
        JobId id = pawl.jobs().enqueue(NewJob.of(FULFIL, order)).id();
        ClaimedJob<Order> job = pawl.jobs().claim(FULFIL, 1, SOON).get(0);
        pawl.jobs().cancel(id, dev.pawl.Actor.SYSTEM);

        assertThatThrownBy(() -> Jdbi.create(dataSource).useTransaction(handle -> {
                    handle.execute("insert into shipment (order_id, token) values (?, 1)", order.id());
                    try {
                        pawl.in(handle).checkpoint(job, SHIP);
                    } catch (LeaseLostException swallowed) {
                        // the transaction can't commit all the same
                    }
                }))
                .hasStackTraceContaining("a_transaction_with_a_refused_write_must_not_commit");

        assertThat(shipments(dataSource)).isZero();
    }

    /** Stands for a service of a framework that manages transactions. */
    // tag::record[]
    static final class Shipping {
        private final JobTransaction jobs; // pawl.joining(transactionAwareDataSource)
        private final Shipments shipments;

        Shipping(JobTransaction jobs, Shipments shipments) {
            this.jobs = jobs;
            this.shipments = shipments;
        }

        /** To be run in a transaction of the framework's: {@code @Transactional}, say. */
        Outcome<Void> ship(Attempt<Order> job) {
            shipments.add(job.payload().id(), job.token().value());
            return jobs.record(job, done()); // written here, and not again by the worker
        }
    }
    // end::record[]

    interface Shipments {
        void add(UUID order, long token);
    }

    @Test
    void a_handler_records_in_a_transaction_of_the_frameworks(DataSource dataSource, JdbiPawl pawl)
            throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(FULFIL, order)).id();
        Handlers<Order> handlers = Handlers.of(FULFIL)
                .on(
                        SHIP,
                        job -> Jdbi.create(dataSource)
                                .inTransaction(handle -> new Shipping(
                                                pawl.in(handle),
                                                (of, token) ->
                                                        handle.execute("insert into shipment values (?, ?)", of, token))
                                        .ship(job)));

        try (Worker worker = pawl.worker("fulfil").run(handlers).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(shipments(dataSource)).isEqualTo(1);
    }

    @Test
    void rows_elsewhere_are_fenced_by_the_token(DataSource dataSource, JdbiPawl pawl) {
        Jdbi.create(dataSource).useHandle(handle -> {
            handle.execute("insert into orders (id, item) values (?, ?)", order.id(), order.item());
            pawl.jobs().enqueue(NewJob.of(FULFIL, order));
            ClaimedJob<Order> job = pawl.jobs().claim(FULFIL, 1, SOON).get(0);

            int written = mark(handle, job, order);

            assertThat(written).isEqualTo(1);
            handle.execute("update orders set token = token + 1");
            assertThat(mark(handle, job, order)).as("a later holder was here").isZero();
        });
    }

    private static int mark(Handle handle, Attempt<Order> job, Order order) {
        // tag::fence[]
        int written = handle.createUpdate(
                        "update orders set item = :item, token = :token where id = :id and token <= :token")
                .bind("item", "shipped " + order.item())
                .bind("id", order.id())
                .bind("token", job.token().value())
                .execute(); // 0: a later holder of the job was here
        // end::fence[]
        return written;
    }

    private static int shipments(DataSource dataSource) {
        return Jdbi.create(dataSource)
                .withHandle(handle -> handle.createQuery("select count(*) from shipment")
                        .mapTo(int.class)
                        .one());
    }
}
