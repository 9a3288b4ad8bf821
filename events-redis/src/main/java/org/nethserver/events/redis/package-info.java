/**
 * The Redis transport. One thread, the event loop, connects, decodes, and hands messages to the
 * sink; everything about a subscription happens there, so its state needs no lock.
 */
package org.nethserver.events.redis;
