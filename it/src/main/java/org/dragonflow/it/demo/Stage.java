package org.dragonflow.it.demo;

import java.net.URI;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

/** Where the demo plays: on real switches in network namespaces, or on switches in memory. The play is the same. */
interface Stage extends AutoCloseable {

    /** Starts the server; gives where its API is. */
    URI startServer();

    /** Starts a chassis with its switch and its agent, and returns when the agent is at work. */
    String startChassis(String name);

    /** Plugs the machine's network card into its chassis, as a hypervisor would. */
    void plug(Machine machine);

    /** Puts a machine into another, as a container: its frames pass the other's card, with this tag. */
    void plugBehind(Machine container, Machine host, int vlan);

    /** Lets the machine ask for an address; gives what it was told. */
    Leased lease(Machine machine);

    /** Lets the machine form an IPv6 address from what its router advertises; gives the address, and who the router is. */
    Leased formAddress(Machine machine);

    /** Sends echo requests; gives how many were answered. */
    int ping(Machine from, IpAddress to, int count);

    /** Opens a TCP connection to a port where the machine listens; gives whether it came about. */
    boolean connects(Machine from, Machine to, IpAddress address, int port);

    /** Asks 169.254.169.254 for the machine's metadata; gives the name that it is told. */
    String metadata(Machine machine);

    /** Asks 169.254.169.254 for the IPv4 address of a name. */
    String resolve(Machine machine, String name);

    /** Kills and restarts the agent of a chassis while one machine pings another a hundred times a second. */
    Outage restartAgent(String chassis, Machine from, IpAddress to);

    /** The world outside, where there are wires to it. */
    Optional<Outside> outside();

    /** Lets everything run on after the demo has ended. */
    void leaveRunning();

    /** How a person looks around in what is left running. */
    String hints();

    @Override
    void close();

    /** What a machine was told. */
    record Leased(IpAddress address, String more) {}

    /** How many packets were sent while something was down, and how many of them were lost. */
    record Outage(int sent, int lost, String more) {}
}
