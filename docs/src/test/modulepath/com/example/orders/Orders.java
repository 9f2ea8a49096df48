package com.example.orders;

import static dev.pawl.job.Outcome.done;

import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardServer;
import dev.pawl.embed.Pawl;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/** Runs one order through two stages, the second in one commit with a row of its own. */
final class Orders {
    record Order(String item, int count) {}

    record Packed(List<String> boxes, LocalDate on) {}

    private static final Stage<Packed> PACK = Stage.named("pack", Packed.class);
    private static final Stage<Integer> SHIP = Stage.named("ship", Integer.class);
    private static final Pipeline<Order, Integer> FULFIL =
            Pipeline.named("fulfil", Order.class).then(PACK).then(SHIP);

    private Orders() {}

    public static void main(String[] args) throws InterruptedException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(args[0]);
        PawlSchema.migrate(dataSource, "orders");
        Jdbi.create(dataSource).useHandle(handle -> handle.execute("create table orders.shipped (item text, boxes int)"));
        try (JdbiPawl pawl = JdbiPawl.with(dataSource)
                        .schema("orders")
                        .codec(new JacksonCodec())
                        .open();
                Worker worker = pawl.worker("fulfil").run(handlers(pawl)).start()) {
            JobId id = pawl.jobs()
                    .enqueue(NewJob.of(FULFIL, new Order("tea", 2)).key("order-1"))
                    .id();
            JobSnapshot job = pawl.jobs().await(id, Duration.ofSeconds(60));
            System.out.println("status " + job.status());
            System.out.println("shipped " + pawl.jobs().result(id, FULFIL).orElseThrow());
            System.out.println("packed " + pawl.jobs().result(id, FULFIL, PACK).orElseThrow());
            System.out.println("failures " + pawl.jobs().failures(id));
            look(pawl, id);
            for (Object part : List.of(pawl, pawl.jobs(), worker, new JacksonCodec(), FULFIL)) {
                System.out.println("module " + part.getClass().getModule().getName());
            }
        }
    }

    /** At the dashboard: its page, and the job. */
    private static void look(Pawl pawl, JobId id) throws InterruptedException {
        HttpClient browser = HttpClient.newHttpClient();
        try (Dashboard dashboard = Dashboard.of(pawl).build();
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            for (String path : List.of("", "script/app.js", "lib/preact-10.27.2/preact.min.js", "v1/jobs/" + id)) {
                URI address = server.uri().resolve(path);
                HttpResponse<String> answer =
                        browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
                System.out.println("dashboard " + path.replace(id.toString(), "order-1") + " " + answer.statusCode());
            }
            System.out.println("module " + server.getClass().getModule().getName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Handlers<Order> handlers(JdbiPawl pawl) {
        return Handlers.of(FULFIL)
                .on(PACK, job -> done(new Packed(List.of("a", "b"), LocalDate.of(2026, 2, 16))))
                .on(SHIP, pawl.transactional((job, handle) -> {
                    int boxes = job.result(PACK).boxes().size();
                    handle.execute("insert into orders.shipped values (?, ?)", job.payload().item(), boxes);
                    return done(boxes);
                }));
    }
}
