/** A real Redis for tests, and what makes its life hard. Knows nothing of Lettuce. */
package org.nethserver.events.redis.testing;
