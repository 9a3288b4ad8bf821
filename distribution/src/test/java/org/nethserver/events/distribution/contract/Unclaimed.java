package org.nethserver.events.distribution.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tests of what the contract does not number: what has a page of its own, such as plugins. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Unclaimed {}
