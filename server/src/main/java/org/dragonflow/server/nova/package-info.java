/** Tells the compute service what becomes of the ports of its servers. */
package org.dragonflow.server.nova;
