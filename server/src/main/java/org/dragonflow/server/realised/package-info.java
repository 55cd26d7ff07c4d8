/** How far the switches are with what is written, for who asks and for who waits. */
package org.dragonflow.server.realised;
