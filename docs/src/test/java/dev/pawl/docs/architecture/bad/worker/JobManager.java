package dev.pawl.docs.architecture.bad.worker;

final class JobManager {}
