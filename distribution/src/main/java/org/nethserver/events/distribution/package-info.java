/** Builds the image; nothing of it is in there. */
@NullMarked
package org.nethserver.events.distribution;

import org.jspecify.annotations.NullMarked;
