package dev.pawl.docs.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.NullMarked;

/** The rules of the architecture, for the packages below a root: Pawl's own, or those of the bad samples. */
final class ArchitectureRules {
    private static final Set<String> WALL_CLOCKS = Set.of(
            Instant.class.getName(),
            LocalDateTime.class.getName(),
            OffsetDateTime.class.getName(),
            ZonedDateTime.class.getName());

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    /** The flow, one way: floor, lease, job, scan, view, store, worker, embed, and the adapters on top. */
    ArchRule packagesReadOneWay() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(root + "..")
                .withOptionalLayers(true)
                .layer("floor")
                .definedBy(root, root + ".internal")
                .layer("lease")
                .definedBy(root + ".lease")
                .layer("job")
                .definedBy(root + ".job")
                .layer("scan")
                .definedBy(root + ".scan")
                .layer("view")
                .definedBy(root + ".view")
                .layer("audit")
                .definedBy(root + ".audit")
                .layer("store")
                .definedBy(root + ".store")
                .layer("worker")
                .definedBy(root + ".worker")
                .layer("embed")
                .definedBy(root + ".embed")
                .layer("adapters")
                .definedBy(root + ".jdbc..", root + ".testkit..", root + ".jackson..", root + ".dashboard..")
                .whereLayer("lease")
                .mayOnlyBeAccessedByLayers("job", "scan", "view", "audit", "store", "worker", "embed", "adapters")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("scan", "view", "audit", "store", "worker", "embed", "adapters")
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("store", "worker", "embed", "adapters")
                .whereLayer("audit")
                .mayOnlyBeAccessedByLayers("store", "worker", "embed", "adapters")
                .whereLayer("scan")
                .mayOnlyBeAccessedByLayers("view", "store", "worker", "embed", "adapters")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("worker", "embed", "adapters")
                .whereLayer("worker")
                .mayOnlyBeAccessedByLayers("embed", "adapters")
                .whereLayer("embed")
                .mayOnlyBeAccessedByLayers("adapters")
                .whereLayer("adapters")
                .mayNotBeAccessedByAnyLayer()
                .because("the API follows the flow, and nobody reads back");
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    ArchRule coreKnowsNoDatabase() {
        return noClasses()
                .that(core())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", root + ".jdbc..")
                .because("the domain is the same for every store");
    }

    ArchRule coreKnowsNoLibrary() {
        return noClasses()
                .that(core())
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "org.slf4j..", "org.jspecify..", root + "..")
                .because("an embeddable library brings its users nothing else");
    }

    ArchRule namesSayWhatAThingIs() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl)([$].*)?")
                .because("such a name says nothing");
    }

    ArchRule coreMakesThreadsInTheWorkerOnly() {
        return noClasses()
                .that(core())
                .and()
                .resideOutsideOfPackage(root + ".worker")
                .should()
                .callCodeUnitWhere(describe("makes a thread", ArchitectureRules::makesThread))
                .because("whoever embeds Pawl must find its threads in one place");
    }

    ArchRule coreReadsNoWallClock() {
        return noClasses()
                .that(core())
                .should()
                .callCodeUnitWhere(describe("reads a wall clock", ArchitectureRules::readsWallClock))
                .because("time is the database's (rule L5)");
    }

    ArchRule packagesAreNullMarked() {
        return classes()
                .that()
                .haveSimpleName("package-info")
                .should(beAnnotatedWith(NullMarked.class))
                .because("null is checked by the compiler, where it is told to");
    }

    private DescribedPredicate<JavaClass> core() {
        return resideInAnyPackage(
                        root,
                        root + ".internal",
                        root + ".lease",
                        root + ".job",
                        root + ".scan",
                        root + ".view",
                        root + ".store",
                        root + ".worker",
                        root + ".embed")
                .as("core");
    }

    private static boolean makesThread(JavaAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        return owner.isEquivalentTo(Executors.class)
                || (call.getName().equals("<init>")
                        && (owner.isAssignableTo(Thread.class)
                                || owner.isAssignableTo(ThreadPoolExecutor.class)
                                || owner.isAssignableTo(ForkJoinPool.class)
                                || owner.isAssignableTo(Timer.class)));
    }

    private static boolean readsWallClock(JavaAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        return (WALL_CLOCKS.contains(owner.getFullName()) && call.getName().equals("now"))
                || (owner.isEquivalentTo(System.class) && call.getName().equals("currentTimeMillis"))
                || (owner.isEquivalentTo(Clock.class) && call.getName().startsWith("system"))
                || call.getTarget().getFullName().startsWith("java.time.InstantSource.system(");
    }
}
