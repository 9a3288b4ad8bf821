/** Figures for Prometheus, and what asks whether the process is healthy and ready. */
package org.nethserver.events.agent.metrics;
