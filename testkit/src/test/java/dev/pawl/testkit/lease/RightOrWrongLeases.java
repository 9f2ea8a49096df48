package dev.pawl.testkit.lease;

import dev.pawl.store.LeaseStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.RealTimeLeases;
import dev.pawl.testkit.WrongLeases;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test's constructor its store: a wrong one, where the configuration parameter names it, or else the real one. */
public final class RightOrWrongLeases implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == InMemoryJobStore.class || type == LeaseStore.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<WrongLeases> wrong = context.getConfigurationParameter(WrongLeases.PARAMETER, WrongLeases::valueOf);
        return parameter.getParameter().getType() == LeaseStore.class
                ? wrong.map(WrongLeases::leases).orElseGet(RealTimeLeases::create)
                : wrong.map(WrongLeases::store).orElseGet(InMemoryJobStore::create);
    }
}
