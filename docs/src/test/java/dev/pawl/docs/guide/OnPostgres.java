package dev.pawl.docs.guide;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test class with a PostgreSQL database of its own, whose methods may take its {@code DataSource} and a {@code JdbiPawl}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnPostgresExtension.class)
@interface OnPostgres {}
