package org.nethserver.events.agent.doctor;

import org.nethserver.events.api.spi.Finding;

/**
 * A finding, and what it is about.
 *
 * @param area what part of the whole: {@code settings}, {@code transport}, {@code agent}, {@code
 *     system}
 * @param subject the transport's address, or the agent's id; empty for what is all of the process's
 * @param finding the finding
 */
public record Examined(String area, String subject, Finding finding) {}
