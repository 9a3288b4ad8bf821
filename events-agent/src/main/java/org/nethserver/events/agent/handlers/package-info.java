/**
 * Handlers written in Java as steps: threads for them, what they are told, and what becomes of what
 * they return, throw, or never finish. Where handlers come from is none of its business.
 */
package org.nethserver.events.agent.handlers;
