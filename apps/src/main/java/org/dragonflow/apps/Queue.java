package org.dragonflow.apps;

/**
 * A share of a wire that is held free for one local port: flows set this queue on what the port sends.
 *
 * @param physicalNetwork which wire
 * @param number of the queue, from 1 to 0xefff
 * @param kilobits a second that the queue can always send, at least 1
 */
public record Queue(String physicalNetwork, int number, long kilobits) {}
