package org.dragonflow.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.dragonflow.dist.Source.Declared;
import org.dragonflow.dist.Source.Descriptor;
import org.junit.jupiter.api.Test;

/**
 * Holds the code to the rules that a reviewer would otherwise have to repeat.
 *
 * <p>What breaks a rule today stands beside it. That list may only shrink: a new name in it is a fault, and so is one that is mended.
 */
class TidyTest {
    private static final int LONGEST_FILE = 500;
    private static final int LONGEST_FUNCTION = 50;
    private static final Pattern EMPTY_WORD =
            Pattern.compile("(Manager|Utils?|Helper|Impl|Service|Handler|Base|Abstract|Default|Info|Context)(?![a-z])");
    private static final Pattern UNOWNED_TODO = Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))");

    /** Modules whose code depends on its arguments alone. */
    private static final Set<String> PURE = Set.of("address", "packet", "flow", "model", "compile", "apps", "trace");

    private static final Set<String> IMPURE_NAMES = Set.of(
            "Thread",
            "ThreadLocalRandom",
            "SecureRandom",
            "System.currentTimeMillis",
            "System.nanoTime",
            "System.getenv",
            "Instant.now",
            "Clock.systemUTC",
            "Math.random",
            "UUID.randomUUID");
    private static final Set<String> MUTABLE_TYPES = Set.of(
            "ArrayList",
            "HashMap",
            "LinkedHashMap",
            "TreeMap",
            "HashSet",
            "LinkedHashSet",
            "ArrayDeque",
            "ConcurrentHashMap",
            "ConcurrentLinkedQueue",
            "AtomicInteger",
            "AtomicLong",
            "AtomicBoolean",
            "AtomicReference",
            "LongAdder",
            "Random",
            "StringBuilder");

    private static final List<Source> SOURCES = Source.all();
    private static final List<Descriptor> DESCRIPTORS = SOURCES.stream()
            .filter(Source::isMain)
            .flatMap(source -> source.descriptor().stream())
            .toList();

    @Test
    void noFileIsLongerThan500Lines() {
        holds(
                SOURCES.stream()
                        .filter(source -> Repository.lines(source.path()).size() > LONGEST_FILE)
                        .map(Source::name),
                Set.of());
    }

    @Test
    void noFunctionIsLongerThanAScreen() {
        holds(
                SOURCES.stream()
                        .flatMap(source -> members(source, MethodTree.class)
                                .filter(member -> source.lineCount(member.tree) > LONGEST_FUNCTION)
                                .map(member -> member.owner.name() + "." + member.tree.getName())),
                Set.of(
                        // Lists of cases, one to a line.
                        "server/RefusalTest.java: RefusalTest.groups", "server/RefusalTest.java: RefusalTest.routers"));
    }

    @Test
    void noTypeIsNamedForNothing() {
        holds(
                types().filter(type ->
                                EMPTY_WORD.matcher(type.tree().getSimpleName()).find())
                        .map(Declared::name),
                Set.of());
    }

    @Test
    void noSignatureThatOthersSeeHasANull() {
        holds(
                exported()
                        .flatMap(type -> type.tree().getMembers().stream()
                                .filter(MethodTree.class::isInstance)
                                .map(MethodTree.class::cast)
                                .filter(method -> isPublic(method, type.tree())
                                        && !isEquals(method)
                                        && signature(method).contains("@Nullable"))
                                .map(method -> type.name() + "." + method.getName())),
                Set.of());
    }

    private static boolean isPublic(MethodTree method, ClassTree around) {
        return method.getModifiers().getFlags().contains(Modifier.PUBLIC)
                || around.getKind() == Tree.Kind.INTERFACE
                        && !method.getModifiers().getFlags().contains(Modifier.PRIVATE);
    }

    // Object wants it so.
    private static boolean isEquals(MethodTree method) {
        return method.getName().contentEquals("equals");
    }

    private static String signature(MethodTree method) {
        return "%s %s %s".formatted(method.getModifiers(), method.getReturnType(), method.getParameters());
    }

    @Test
    void nothingStaticChanges() {
        holds(
                SOURCES.stream()
                        .filter(Source::isMain)
                        .flatMap(source -> members(source, VariableTree.class))
                        .filter(member -> isMutableStatic(member.tree, member.owner.tree()))
                        .map(member -> member.owner.name() + "." + member.tree.getName()),
                Set.of());
    }

    private static boolean isMutableStatic(VariableTree field, ClassTree around) {
        var flags = field.getModifiers().getFlags();
        boolean isConstant = around.getKind() == Tree.Kind.INTERFACE || flags.contains(Modifier.FINAL);
        boolean isStatic = around.getKind() == Tree.Kind.INTERFACE || flags.contains(Modifier.STATIC);
        boolean isShared = !flags.contains(Modifier.PRIVATE);
        boolean isFilled = field.getInitializer() instanceof NewClassTree made
                && MUTABLE_TYPES.contains(made.getIdentifier().toString().replaceAll("<.*", ""));
        return isStatic && (!isConstant || isFilled || isShared && field.getType() instanceof ArrayTypeTree);
    }

    @Test
    void nothingIsLeftToBeDoneWithoutAnIssue() {
        holds(
                SOURCES.stream()
                        .filter(source -> !source.name().endsWith("/TidyTest.java"))
                        .filter(source -> UNOWNED_TODO
                                .matcher(Repository.read(source.path()))
                                .find())
                        .map(Source::name),
                Set.of());
    }

    @Test
    void pureModulesKnowNoClockNoChanceNoThreadAndNoSocket() {
        holds(
                SOURCES.stream()
                        .filter(source -> source.isMain() && PURE.contains(source.module()))
                        .flatMap(source -> impurities(source).stream().map(name -> source.name() + ": " + name)),
                Set.of());
    }

    private static Set<String> impurities(Source source) {
        var found = new TreeSet<String>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitImport(ImportTree tree, Void unused) {
                if (tree.getQualifiedIdentifier().toString().startsWith("java.net.")) {
                    found.add(tree.getQualifiedIdentifier().toString());
                }
                return null;
            }

            @Override
            public Void visitIdentifier(IdentifierTree tree, Void unused) {
                note(tree.toString());
                return super.visitIdentifier(tree, null);
            }

            @Override
            public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
                note(tree.toString());
                return super.visitMemberSelect(tree, null);
            }

            @Override
            public Void visitNewClass(NewClassTree tree, Void unused) {
                if (tree.getIdentifier().toString().equals("Random")
                        && tree.getArguments().isEmpty()) {
                    found.add("new Random()");
                }
                return super.visitNewClass(tree, null);
            }

            private void note(String name) {
                if (IMPURE_NAMES.contains(name) || name.startsWith("java.net.")) {
                    found.add(name);
                }
            }
        }.scan(source.unit(), null);
        return found;
    }

    @Test
    void everyExportedTypeSaysInASentenceWhatItIs() {
        holds(exported().filter(type -> !isDescribed(type)).map(Declared::name), Set.of());
    }

    private static boolean isDescribed(Declared type) {
        boolean hasDoc = type.tree().getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Doc"));
        return hasDoc
                || type.comment()
                        .filter(comment -> !comment.getFirstSentence().isEmpty())
                        .isPresent();
    }

    @Test
    void everyModuleSaysInASentenceWhatItIs() {
        assertThat(DESCRIPTORS.stream().map(descriptor -> descriptor.source().module()))
                .containsExactlyInAnyOrderElementsOf(Repository.modules());
        holds(
                DESCRIPTORS.stream()
                        .filter(descriptor -> !descriptor.isDescribed())
                        .map(descriptor -> descriptor.source().name()),
                Set.of());
    }

    @Test
    void everyModuleShowsOnePackage() {
        holds(
                DESCRIPTORS.stream()
                        .filter(descriptor -> descriptor.exports().size() != 1)
                        .map(descriptor -> descriptor.source().name()),
                Set.of());
    }

    /** The table in ARCHITECTURE.md is the one list of what may lean on what. */
    @Test
    void modulesLeanOnWhatTheArchitectureSaysAndOnNothingElse() {
        var said = ModuleTable.read();
        var found = DESCRIPTORS.stream().map(ModuleTable.Row::of).toList();
        assertThat(found)
                .as("what module-info.java requires, against the table in ARCHITECTURE.md: mend one of them")
                .containsExactlyInAnyOrderElementsOf(said);
    }

    private static Stream<Declared> types() {
        return SOURCES.stream().flatMap(source -> source.types().stream());
    }

    /** All types that other modules can name. */
    private static Stream<Declared> exported() {
        return SOURCES.stream()
                .filter(source -> source.isExported(DESCRIPTORS))
                .flatMap(source -> source.types().stream())
                .filter(Declared::isPublic);
    }

    private record Member<T extends Tree>(Declared owner, T tree) {}

    private static <T extends Tree> Stream<Member<T>> members(Source source, Class<T> kind) {
        return source.types().stream()
                .flatMap(type -> type.tree().getMembers().stream()
                        .filter(kind::isInstance)
                        .map(tree -> new Member<>(type, kind.cast(tree))));
    }

    private static void holds(Stream<String> violations, Set<String> known) {
        var found = new TreeSet<>(violations.toList());
        assertThat(without(found, known)).as("breaks the rule").isEmpty();
        assertThat(without(known, found))
                .as("keeps the rule now; take it off the list")
                .isEmpty();
    }

    private static List<String> without(Collection<String> all, Collection<String> some) {
        var rest = new ArrayList<>(all);
        rest.removeAll(new HashSet<>(some));
        return rest;
    }
}
