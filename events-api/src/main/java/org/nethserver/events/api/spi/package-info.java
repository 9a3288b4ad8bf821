/** The services by which transports bring events and providers name the steps that answer them. */
package org.nethserver.events.api.spi;
