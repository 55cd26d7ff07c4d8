package org.dragonflow.it.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.Agent;
import org.dragonflow.agent.Config;
import org.dragonflow.agent.Northbound;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.feed.Reason;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;

/** An agent whose server is away: it has its cache and its switch. To be run in a process of its own. */
public final class LoneAgent {
    private LoneAgent() {}

    /** How an agent of the lab is set up, wherever it runs. */
    static Config config(String chassis, IpAddress tunnelAddress, Path runDirectory, Path stateDirectory) {
        return Config.standard(chassis, tunnelAddress, runDirectory, stateDirectory)
                .withDatapathType("netdev");
    }

    private static Northbound away(
            String systemId, List<Uplink> uplinks, Optional<Position> from, Consumer<FeedEvent> to) {
        to.accept(new FeedEvent.Disconnected(Reason.UNAVAILABLE, "it is away"));
        return new Northbound() {
            @Override
            public void acknowledge(Position at, Map<Id<Port>, PortState> states) {}

            @Override
            public void tell(Report report) {}

            @Override
            public void report(List<Uplink> uplinks) {}

            @Override
            public void close() {}
        };
    }

    /** Takes the chassis' name, its tunnel address, and the directories of Open vSwitch and of the agent. */
    public static void main(String... args) throws Exception {
        var config = config(args[0], IpAddress.parse(args[1]), Path.of(args[2]), Path.of(args[3]));
        try (var agent = Agent.start(config, LoneAgent::away)) {
            agent.await();
        }
    }
}
