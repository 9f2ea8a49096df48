package dev.pawl.jdbc.internal;

/**
 * What the check at the start found amiss.
 *
 * @param severity whether Pawl opens all the same
 * @param what what it is, with the value
 * @param toDo what to do about it
 */
record Finding(Severity severity, String what, String toDo) {
    /** What follows from it. */
    enum Severity {
        /** Pawl does not open. */
        REFUSAL,
        /** Pawl opens, and logs it. */
        WARNING
    }

    static Finding refusal(String what, String toDo) {
        return new Finding(Severity.REFUSAL, what, toDo);
    }

    static Finding warning(String what, String toDo) {
        return new Finding(Severity.WARNING, what, toDo);
    }

    boolean isRefusal() {
        return severity == Severity.REFUSAL;
    }

    /** Two sentences, the last without its full stop. */
    @Override
    public String toString() {
        return what + ". " + toDo;
    }
}
