/** Who asks, and what they may do: credentials, the policy over them, and the ways to learn credentials from a request. */
package org.dragonflow.server.access;
