package dev.sluice.clients;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Skips the test, and says why, on a machine that lacks one of the tools. */
@Target({TYPE, METHOD})
@Retention(RUNTIME)
@ExtendWith(NeedsCondition.class)
public @interface Needs {
  Tool[] value();
}
