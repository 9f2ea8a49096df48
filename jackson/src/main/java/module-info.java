/** Payloads, progress and results as JSON, by Jackson 2. */
module dev.pawl.jackson {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.fasterxml.jackson.module.paramnames;
    requires transitive dev.pawl.core;

    exports dev.pawl.jackson;
}
