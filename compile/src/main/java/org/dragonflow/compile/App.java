package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dragonflow.flow.Entry;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;

/**
 * A feature of the network, as a value: a name, and pure functions.
 *
 * <p>Rules say which entries a switch should hold for an entity. Derivations say which further facts follow from an entity; they run before
 * the rules, and what they yield is asked for like any other entity. Reaches say what a chassis must know so that both can do their work:
 * the server sends a chassis what is reached from it, and nothing else. Responders answer packets that flows punt, announcers speak
 * unasked.
 *
 * @param name as it stands in tables, cookies, traces and logs
 */
public record App(
        String name,
        List<Rule<?>> rules,
        List<Derivation<?>> derivations,
        List<Root> roots,
        List<Reach<?>> reaches,
        List<Responder> responders,
        List<Announcer> announcers) {
    public App {
        rules = List.copyOf(rules);
        derivations = List.copyOf(derivations);
        roots = List.copyOf(roots);
        reaches = List.copyOf(reaches);
        responders = List.copyOf(responders);
        announcers = List.copyOf(announcers);
    }

    /** For each entity of a type, these entries. */
    public record Rule<E extends Entity>(
            String name, Class<E> subject, BiFunction<E, View, Stream<? extends Entry>> entries) {}

    /** For each entity of a type, these further entities; several entities may yield the same one, which is then there once. */
    public record Derivation<E extends Entity>(
            String name, Class<E> subject, BiFunction<E, View, Stream<? extends Entity>> facts) {}

    /** Where a chassis' interest begins. */
    public record Root(Function<Id<Chassis>, Stream<Query<?>>> questions) {}

    /** Once a chassis is interested in an entity, what else it must know. */
    public record Reach<E extends Entity>(Class<E> from, BiFunction<E, Id<Chassis>, Stream<Query<?>>> questions) {}

    public static App named(String name) {
        return new App(name, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    public <E extends Entity> App forEach(
            String rule, Class<E> subject, BiFunction<E, View, Stream<? extends Entry>> entries) {
        return new App(
                name,
                plus(rules, new Rule<>(rule, subject, entries)),
                derivations,
                roots,
                reaches,
                responders,
                announcers);
    }

    public <E extends Entity> App derive(
            String derivation, Class<E> subject, BiFunction<E, View, Stream<? extends Entity>> facts) {
        return new App(
                name,
                rules,
                plus(derivations, new Derivation<>(derivation, subject, facts)),
                roots,
                reaches,
                responders,
                announcers);
    }

    public App concerning(Function<Id<Chassis>, Stream<Query<?>>> questions) {
        return new App(name, rules, derivations, plus(roots, new Root(questions)), reaches, responders, announcers);
    }

    public <E extends Entity> App reaching(Class<E> from, BiFunction<E, Id<Chassis>, Stream<Query<?>>> questions) {
        return new App(
                name, rules, derivations, roots, plus(reaches, new Reach<>(from, questions)), responders, announcers);
    }

    public App answering(Responder responder) {
        return new App(name, rules, derivations, roots, reaches, plus(responders, responder), announcers);
    }

    public App announcing(Announcer announcer) {
        return new App(name, rules, derivations, roots, reaches, responders, plus(announcers, announcer));
    }

    private static <T> List<T> plus(List<T> list, T more) {
        var next = new ArrayList<>(list);
        next.add(more);
        return next;
    }
}
