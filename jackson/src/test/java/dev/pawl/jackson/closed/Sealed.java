package dev.pawl.jackson.closed;

/** In a package that is not open to Jackson. */
public record Sealed(int value) {}
