package org.nethserver.events.distribution.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The claims of {@code docs/contract.md} that a test shows. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Claim {
  /** Returns their ids, such as {@code 9c}. */
  String[] value();
}
