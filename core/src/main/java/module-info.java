/** The pure domain of Pawl: java.base, slf4j and annotations, and no clock of its own. */
module dev.pawl.core {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.pawl;
    exports dev.pawl.lease;
    exports dev.pawl.job;
    exports dev.pawl.scan;
    exports dev.pawl.view;
    exports dev.pawl.audit;
    exports dev.pawl.worker;
    exports dev.pawl.store;
    exports dev.pawl.embed;
    exports dev.pawl.internal to
            dev.pawl.jackson,
            dev.pawl.jdbc,
            dev.pawl.testkit;
}
