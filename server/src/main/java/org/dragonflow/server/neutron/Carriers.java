package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.dragonflow.model.Network;
import org.dragonflow.model.Network.Carrier;
import org.dragonflow.model.NetworkSegmentRange;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/** What segments are carried by: an overlay, where each has a number, or a physical network, of which each has a part. */
final class Carriers {
    static final int LARGEST_KEY = 0xff_ffff;
    static final String TYPE = "provider:network_type";
    static final String PHYSICAL = "provider:physical_network";
    static final String NUMBER = "provider:segmentation_id";

    /** How many numbers are tried by chance before all are tried in order. */
    private static final int ATTEMPTS = 64;

    private final Mint mint;

    Carriers(Mint mint) {
        this.mint = mint;
    }

    /**
     * What carries one segment.
     *
     * @param claim what of it no other segment may have
     */
    record Chosen(String type, Optional<String> physical, Optional<Integer> number, String claim) {
        static Chosen tunnel(String type, int number) {
            return new Chosen(type, Optional.empty(), Optional.of(number), "tunnel " + number);
        }

        static Chosen vlan(String physical, int number) {
            var claim = "vlan %d of %s".formatted(number, physical);
            return new Chosen(Segment.VLAN, Optional.of(physical), Optional.of(number), claim);
        }

        static Chosen flat(String physical) {
            return new Chosen(Segment.FLAT, Optional.of(physical), Optional.empty(), "flat " + physical);
        }

        boolean isOverlay() {
            return physical.isEmpty();
        }
    }

    /** Finds carriers for the new segments of a project's network. */
    List<Chosen> choose(Edit edit, String project, List<Carrier> wanted) {
        var chosen = new ArrayList<Chosen>();
        for (var carrier : wanted) {
            chosen.add(new Choice(edit, project, chosen).of(carrier));
        }
        return chosen;
    }

    /**
     * Finds what is to carry a project's network of which nobody says it.
     *
     * @param types of which the first that has something free is taken
     */
    Chosen chooseAny(Edit edit, String project, List<String> types) {
        var choice = new Choice(edit, project, List.of());
        return types.stream()
                .flatMap(type -> choice.any(type).stream())
                .findFirst()
                .orElseThrow(OutsideRefusals::noNetworkAvailable);
    }

    /** Finds another VLAN of the same physical network for a project's segment. */
    Chosen move(Edit edit, Segment segment, int number) {
        var wanted = new Carrier(Optional.of(Segment.VLAN), segment.physicalNetwork(), Optional.of(number));
        return new Choice(edit, segment.projectId(), List.of()).of(wanted);
    }

    /** Whether no segment has the number: of the VLANs of a physical network, or of the overlay. */
    static boolean isFree(View view, Optional<String> physical, int number) {
        return physical.map(name -> isFree(view, Chosen.vlan(name, number).claim()))
                .orElseGet(() ->
                        isFree(view, Chosen.tunnel(Segment.GENEVE, number).claim())
                                // A network has a number in tunnels also where it is not carried by them.
                                && view.find(Query.by(Network.class, "key", number))
                                        .findAny()
                                        .isEmpty());
    }

    private static boolean isFree(View view, String claim) {
        return view.find(Query.by(Segment.class, "carrier", claim)).findAny().isEmpty();
    }

    /** The choice of one carrier, beside those that were chosen before. */
    private final class Choice {
        private final Edit edit;
        private final String project;
        private final List<Chosen> before;

        Choice(Edit edit, String project, List<Chosen> before) {
            this.edit = edit;
            this.project = project;
            this.before = before;
        }

        Chosen of(Carrier wanted) {
            var type = wanted.networkType().orElseThrow(() -> Refusals.invalidInput("network_type required"));
            return switch (type) {
                case Segment.GENEVE, Segment.VXLAN -> overlay(type, wanted);
                case Segment.FLAT -> flat(wanted);
                case Segment.VLAN -> vlan(wanted);
                default -> throw Refusals.invalidInput("network_type value '%s' not supported".formatted(type));
            };
        }

        /** Something free of the type, in the ranges that there are. */
        Optional<Chosen> any(String type) {
            if (type.equals(Segment.VLAN)) {
                return freeVlan(NumberRanges.of(edit, type, Optional.empty(), project));
            }
            return anyTunnel(type).map(number -> Chosen.tunnel(type, number));
        }

        private Chosen overlay(String type, Carrier wanted) {
            if (wanted.physicalNetwork().isPresent()) {
                throw Refusals.invalidInput("%s specified for %s network".formatted(PHYSICAL, type));
            }
            if (wanted.segmentationId().isEmpty()) {
                return any(type).orElseThrow(OutsideRefusals::noNetworkAvailable);
            }
            int number = wanted.segmentationId().get();
            requireInRange(number, LARGEST_KEY);
            var chosen = Chosen.tunnel(type, number);
            edit.refuseIfTaken(Network.class, List.of("key"), List.of(number), () -> Refusals.tunnelIdInUse(number));
            claim(chosen, () -> Refusals.tunnelIdInUse(number));
            if (!isFree(chosen)) {
                throw Refusals.tunnelIdInUse(number);
            }
            return chosen;
        }

        private Chosen flat(Carrier wanted) {
            if (wanted.segmentationId().isPresent()) {
                throw Refusals.invalidInput("%s prohibited for flat provider network".formatted(NUMBER));
            }
            var name = physical(wanted).orElseThrow(() -> required(Segment.FLAT));
            var chosen = Chosen.flat(name);
            claim(chosen, () -> OutsideRefusals.flatNetworkInUse(name));
            return chosen;
        }

        private Chosen vlan(Carrier wanted) {
            var name = physical(wanted);
            if (wanted.segmentationId().isEmpty()) {
                return anyVlan(name);
            }
            int number = wanted.segmentationId().get();
            var chosen = Chosen.vlan(name.orElseThrow(() -> required(Segment.VLAN)), number);
            requireInRange(number, NumberRanges.largest(Segment.VLAN));
            claim(chosen, () -> OutsideRefusals.vlanIdInUse(number, name.get()));
            return chosen;
        }

        private static Optional<String> physical(Carrier wanted) {
            return wanted.physicalNetwork().filter(name -> !name.isEmpty());
        }

        private static RuntimeException required(String type) {
            return Refusals.invalidInput("%s required for %s provider network".formatted(PHYSICAL, type));
        }

        private static void requireInRange(int number, int most) {
            if (number < 1 || number > most) {
                throw Refusals.invalidInput("%s out of range (1 through %d)".formatted(NUMBER, most));
            }
        }

        private void claim(Chosen chosen, Supplier<RuntimeException> refusal) {
            if (before.stream().anyMatch(other -> other.claim().equals(chosen.claim()))) {
                throw refusal.get();
            }
            edit.refuseIfTaken(Segment.class, List.of("carrier"), List.of(chosen.claim()), refusal);
        }

        private boolean isFree(Chosen chosen) {
            return Carriers.isFree(edit, chosen.physical(), chosen.number().orElseThrow())
                    && before.stream().noneMatch(other -> other.claim().equals(chosen.claim()));
        }

        private Chosen anyVlan(Optional<String> physical) {
            var ranges = NumberRanges.of(edit, Segment.VLAN, physical, project);
            if (ranges.isEmpty()) {
                // Nobody keeps books of this physical network's VLANs: all may be taken.
                var name = physical.orElseThrow(() -> required(Segment.VLAN));
                return freeVlan(name, 1, NumberRanges.largest(Segment.VLAN), ranges)
                        .orElseThrow(OutsideRefusals::noNetworkAvailable);
            }
            return freeVlan(ranges).orElseThrow(OutsideRefusals::noNetworkAvailable);
        }

        private Optional<Chosen> freeVlan(NumberRanges ranges) {
            return ranges.inOrder()
                    .flatMap(List::stream)
                    .flatMap(range ->
                            freeVlan(range.physicalNetwork().orElseThrow(), range.minimum(), range.maximum(), ranges)
                                    .stream())
                    .findFirst();
        }

        private Optional<Chosen> freeVlan(String physical, int first, int last, NumberRanges ranges) {
            return IntStream.rangeClosed(first, last)
                    .filter(number -> !ranges.isKept(Optional.of(physical), number))
                    .mapToObj(number -> Chosen.vlan(physical, number))
                    .filter(this::isFree)
                    .findFirst();
        }

        private Optional<Integer> anyTunnel(String type) {
            var ranges = NumberRanges.of(edit, type, Optional.empty(), project);
            return ranges.inOrder()
                    .flatMap(some -> freeTunnel(some, ranges).stream())
                    .findFirst();
        }

        /** By chance, so that servers that choose at a time rarely choose the same. */
        private Optional<Integer> freeTunnel(List<NetworkSegmentRange> some, NumberRanges ranges) {
            for (int i = 0; i < ATTEMPTS; i++) {
                var range = some.get(mint.below(some.size()));
                int number = range.minimum() + mint.below(range.maximum() - range.minimum() + 1);
                if (isAllowed(number, ranges)) {
                    return Optional.of(number);
                }
            }
            return some.stream()
                    .flatMapToInt(range -> IntStream.rangeClosed(range.minimum(), range.maximum()))
                    .filter(number -> isAllowed(number, ranges))
                    .boxed()
                    .findFirst();
        }

        private boolean isAllowed(int number, NumberRanges ranges) {
            return !ranges.isKept(Optional.empty(), number) && isFree(Chosen.tunnel(Segment.GENEVE, number));
        }
    }
}
