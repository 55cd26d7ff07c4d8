package org.dragonflow.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.junit.jupiter.api.Test;

class CompilerTest {
    private static final Table TABLE =
            Table.of("table", "app", "").contributors("other").matching(Field.IN_PORT);
    private static final Table MERGING =
            Table.of("merging", "app", "").matching(Field.IN_PORT).mergingFlows();
    private static final Pipeline PIPELINE = Pipeline.of(TABLE, MERGING);

    record House(Id<House> id, int door, Optional<Id<Street>> street) implements Entity {}

    record Street(Id<Street> id) implements Entity {}

    record Inhabited(Id<Inhabited> id) implements Entity {}

    private static House house(String name, int door) {
        return new House(Id.of(House.class, name), door, Optional.empty());
    }

    private static House house(String name, int door, String street) {
        return new House(Id.of(House.class, name), door, Optional.of(Id.of(Street.class, street)));
    }

    private static Flow flow(Table table, int door) {
        return Flow.in(table, Flow.NORMAL, Match.on(Field.IN_PORT, door), Action.output(9));
    }

    private static Compiler compiler(App... apps) {
        return new Compiler(PIPELINE, List.of(apps));
    }

    private static Bundle create(Compiler compiler, Entity... entities) {
        return compiler.update(Stream.of(entities).map(Delta::create).toList());
    }

    private static final App DOORS =
            App.named("app").forEach("door", House.class, (house, _) -> Stream.of(flow(TABLE, house.door())));

    @Test
    void anEntityThatGoesTakesItsFlowsWithIt() {
        var compiler = compiler(DOORS);
        assertThat(create(compiler, house("a", 1)).mods()).hasSize(1);
        assertThat(compiler.update(List.of(Delta.delete(house("a", 1)))).mods()).hasSize(1);
        assertThat(compiler.flows().size()).isZero();
    }

    @Test
    void whatWaitsForAnotherIsRunAgainWhenTheOtherComes() {
        var app = App.named("app")
                .forEach(
                        "street",
                        House.class,
                        (house, view) -> house.street().stream()
                                .flatMap(id -> view.get(id).stream())
                                .map(_ -> flow(TABLE, house.door())));
        var compiler = compiler(app);
        assertThat(create(compiler, house("a", 1, "elm")).isEmpty()).isTrue();
        var street = new Street(Id.of(Street.class, "elm"));
        assertThat(create(compiler, street).mods()).hasSize(1);
        assertThat(compiler.update(List.of(Delta.delete(street))).mods()).hasSize(1);
    }

    @Test
    void onlyWhatAChangeTouchesIsRunAgain() {
        var compiler = compiler(DOORS);
        create(compiler, house("a", 1), house("b", 2), house("c", 3));
        long before = compiler.runs();
        compiler.update(List.of(Delta.replace(house("a", 1), house("a", 4))));
        assertThat(compiler.runs() - before).isEqualTo(1);
    }

    @Test
    void ofTwoMakersOfOneKeyTheFirstIsKeptAndTheOtherReportedWhoeverCameFirst() {
        var other = App.named("other")
                .forEach(
                        "door",
                        House.class,
                        (house, _) -> Stream.of(Flow.drop(TABLE, Flow.NORMAL, Match.on(Field.IN_PORT, house.door()))));
        for (var order : List.of(List.of("a", "b"), List.of("b", "a"))) {
            var compiler = compiler(DOORS, other);
            order.forEach(name -> create(compiler, house(name, 1)));
            assertThat(compiler.flows().flows().toList())
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.actions()).isNotEmpty());
            assertThat(compiler.problems())
                    .isNotEmpty()
                    .allSatisfy(
                            problem -> assertThat(problem.text()).contains("is made by app/door for House a already"));
            assertThat(compiler.makersOf(flow(TABLE, 1).key())).hasSize(4);
            compiler.update(List.of(Delta.delete(house("b", 1))));
            assertThat(compiler.problems()).hasSize(1);
        }
    }

    @Test
    void aFaultOfOneEntityLeavesTheOthersAlone() {
        var app = App.named("app").forEach("door", House.class, (house, _) -> {
            if (house.door() == 13) {
                throw new IllegalStateException("no such door");
            }
            return Stream.of(flow(TABLE, house.door()));
        });
        var compiler = compiler(app);
        create(compiler, house("a", 1), house("b", 13));
        assertThat(compiler.flows().size()).isEqualTo(1);
        assertThat(compiler.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.subject()).isEqualTo(house("b", 13).id()));
        compiler.update(List.of(Delta.replace(house("b", 13), house("b", 2))));
        assertThat(compiler.problems()).isEmpty();
        assertThat(compiler.flows().size()).isEqualTo(2);
    }

    @Test
    void aFlowThatBreaksItsTablesContractIsLeftOutAndReported() {
        var app = App.named("app")
                .forEach(
                        "door",
                        House.class,
                        (_, _) -> Stream.of(Flow.drop(TABLE, 1, Match.on(Field.ETH_SRC, 1)), flow(TABLE, 1)));
        var compiler = compiler(app);
        create(compiler, house("a", 1));
        assertThat(compiler.flows().size()).isEqualTo(1);
        assertThat(compiler.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("may not match eth_src"));
    }

    @Test
    void contributionsAreJoinedAsASet() {
        var app = App.named("app")
                .forEach(
                        "bell",
                        House.class,
                        (house, _) -> Stream.of(Flow.in(MERGING, 1, Match.ANY, Action.output(house.door()))));
        var compiler = compiler(app);
        create(compiler, house("a", 1), house("b", 2), house("c", 2));
        assertThat(compiler.flows().flows().toList())
                .singleElement()
                .satisfies(flow -> assertThat(flow.actions()).containsExactly(Action.output(1), Action.output(2)));
        assertThat(compiler.update(List.of(Delta.delete(house("b", 2)))).isEmpty())
                .isTrue();
        assertThat(compiler.update(List.of(Delta.delete(house("c", 2)))).mods()).hasSize(1);
    }

    @Test
    void aFactIsThereAsLongAsAnybodySaysIt() {
        var app = App.named("app")
                .derive(
                        "inhabited",
                        House.class,
                        (house, _) -> house.street().stream()
                                .map(street -> new Inhabited(Id.of(Inhabited.class, street.value()))))
                .forEach("lamp", Inhabited.class, (_, _) -> Stream.of(flow(TABLE, 7)));
        var compiler = compiler(app);
        create(compiler, house("a", 1, "elm"));
        assertThat(compiler.topology().find(Query.all(Inhabited.class))).hasSize(1);
        long before = compiler.runs();
        assertThat(create(compiler, house("b", 2, "elm")).isEmpty()).isTrue();
        assertThat(compiler.runs() - before).as("the lamp is not asked again").isEqualTo(1);
        assertThat(compiler.update(List.of(Delta.delete(house("a", 1, "elm")))).isEmpty())
                .isTrue();
        assertThat(compiler.update(List.of(Delta.delete(house("b", 2, "elm")))).mods())
                .hasSize(1);
    }

    @Test
    void aCookieTellsWhoseAFlowIsAndDependsOnNothingElse() {
        var compiler = compiler(DOORS);
        create(compiler, house("a", 1));
        var flow = compiler.flows().flows().findFirst().orElseThrow();
        assertThat(flow.cookie() >>> 48).isEqualTo(Cookie.OWNER);
        assertThat(flow.cookie())
                .isEqualTo(Cookie.of("app", "door", house("a", 1).id()));
        assertThat(compiler.makersOf(flow.key()))
                .containsExactly(new Maker("app", "door", house("a", 1).id()));
    }
}
