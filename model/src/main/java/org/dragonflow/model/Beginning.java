package org.dragonflow.model;

@Doc("Says that a store was given something that all begin with, so that what was deleted of it since stays deleted.")
public record Beginning(@Doc("What it was given.") Id<Beginning> id) implements Entity {}
