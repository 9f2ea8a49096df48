package dev.pawl.docs.architecture.bad.lease;

public interface Floor extends Runnable {}
