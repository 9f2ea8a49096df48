package dev.pawl.docs.architecture.bad.store;

import java.sql.Connection;

interface KnowsJdbc {
    Connection connection();
}
