package dev.pawl.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** HTTP by hand, for what no client would send. */
final class Raw {
    private static final int HANGS = 60_000;

    private Raw() {}

    /** Sends it, and returns all that is answered until the server closes the connection. */
    static String send(URI server, String request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(HANGS);
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                InputStream in = socket.getInputStream();
                byte[] bytes = new byte[8_192];
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    answer.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
                }
            } catch (SocketException closed) {
                if (answer.isEmpty()) {
                    throw closed;
                }
            }
            return answer.toString();
        }
    }
}
