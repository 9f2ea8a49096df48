package dev.pawl.dashboard;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** The page and its JSON API. */
public final class DashboardServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** One. */
    public DashboardServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path == null) {
            String uri = request.getRequestURI();
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", uri.substring(uri.lastIndexOf('/') + 1) + "/");
            return;
        }
        String name = path.equals("/") ? "index.html" : path.substring(1);
        Optional<PageFile> file =
                name.equals("v1/openapi.yaml") ? Optional.of(PageFile.openApi()) : PageFile.named(name);
        if (file.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
                        + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(file.get().type());
        response.getOutputStream().write(file.get().plain());
    }
}
