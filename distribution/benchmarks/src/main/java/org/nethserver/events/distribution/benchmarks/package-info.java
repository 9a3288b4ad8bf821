/**
 * Measures whole agents from outside: real processes, a real Redis each, real steps. What it finds
 * goes to {@code docs/benchmarks.md}, which also says how to run it.
 */
package org.nethserver.events.distribution.benchmarks;
