package org.dragonflow.openflow;

/**
 * Which tunnel option a tun_metadata field stands for.
 *
 * @param optionClass of the Geneve option
 * @param optionType of the Geneve option
 * @param length in bytes, a multiple of 4
 * @param index n of tun_metadata<i>n</i>
 */
public record TlvMap(int optionClass, int optionType, int length, int index) {}
