package dev.pawl.docs.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardServer;
import dev.pawl.dashboard.DashboardServlet;
import dev.pawl.dashboard.Permission;
import dev.pawl.dashboard.Redaction;
import dev.pawl.dashboard.Visitor;
import dev.pawl.embed.Pawl;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.PawlTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

@PawlTest
class DashboardTest {
    private static int status(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return HttpClient.newHttpClient()
                .send(
                        (headers.length == 0 ? request : request.headers(headers)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void a_few_lines_serve_this_machine(InMemoryPawl pawl) throws Exception {
        int free = 0;
        // tag::local[]
        Dashboard dashboard = Dashboard.of(pawl).title("Newsroom").build();
        DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", free); // or start(dashboard): port 8080
        URI page = server.uri(); // for a browser on this machine
        // end::local[]

        assertThat(status(page)).isEqualTo(200);
        // tag::close[]
        server.close();
        dashboard.close(); // and then its Pawl
        // end::close[]
    }

    // tag::mounted[]
    static Dashboard forOperators(Pawl pawl) {
        return Dashboard.of(pawl)
                .title("Newsroom")
                .access(request -> Optional.ofNullable(request.getUserPrincipal())
                        .map(user -> new Visitor(
                                user.getName(),
                                user.getName(),
                                request.isUserInRole("operator")
                                        ? Set.of(Permission.VIEW, Permission.CANCEL, Permission.RETRY)
                                        : Set.of(Permission.VIEW))))
                .actions(Permission.CANCEL, Permission.RETRY) // what is not named here nobody may do
                .build();
    }
    // end::mounted[]

    @Test
    void a_container_mounts_it_and_says_who_asks(InMemoryPawl pawl) throws Exception {
        try (Dashboard dashboard = forOperators(pawl);
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            DashboardServlet servlet = dashboard.servlet();

            assertThat(servlet).isNotNull();
            assertThat(status(server.uri())).as("nobody is signed in").isEqualTo(401);
        }
    }

    // tag::redaction[]
    static final Redaction WITHOUT_ADDRESSES = (document, visitor) -> switch (document.part()) {
        case PAYLOAD -> Optional.of(Json.of("{\"note\":\"addresses are not shown\"}"));
        case PROGRESS -> Optional.of(document.json());
        case RESULT -> Optional.empty(); // hidden
    };
    // end::redaction[]

    @Test
    void documents_are_shown_as_the_service_wants(InMemoryPawl pawl) throws Exception {
        try (Dashboard dashboard =
                        Dashboard.of(pawl).redaction(WITHOUT_ADDRESSES).build();
                DashboardServer server = DashboardServer.start(dashboard, "127.0.0.1", 0)) {
            assertThat(status(server.uri().resolve("v1/session"))).isEqualTo(200);
            assertThat(status(server.uri(), "X-Forwarded-For", "10.0.0.1"))
                    .as("a proxy, and no hook")
                    .isEqualTo(403);
        }
    }
}
