package dev.pawl.worker;

import dev.pawl.PawlException;
import java.util.Optional;

/** What an attempt is recorded to have failed with when its handler gave no sign of life and was interrupted. */
final class SilentHandlerException extends PawlException {
    private static final long serialVersionUID = 1L;

    SilentHandlerException(String stage, Optional<Throwable> thrown) {
        super(
                "the handler of stage '" + stage + "' gave no sign of life for too long, and was interrupted",
                thrown.orElse(null));
    }
}
