package org.dragonflow.dist;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DirectiveTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.RequiresTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/**
 * One Java file, as the compiler's parser sees it.
 *
 * @param module the directory of its module
 */
record Source(Path path, String module, CompilationUnitTree unit, DocTrees trees) {

    /** A type declaration and where it stands. */
    record Declared(Source source, TreePath path, ClassTree tree) {
        String name() {
            return "%s/%s: %s".formatted(source.module, source.path.getFileName(), tree.getSimpleName());
        }

        Optional<DocCommentTree> comment() {
            return Optional.ofNullable(source.trees.getDocCommentTree(path));
        }

        /** Whether it and all around it are public, by word or because an interface is around it. */
        boolean isPublic() {
            for (var at = path; at != null; at = at.getParentPath()) {
                if (at.getLeaf() instanceof ClassTree type && !isPublic(type, at.getParentPath())) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isPublic(ClassTree type, TreePath around) {
            return type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                    || around.getLeaf().getKind() == Tree.Kind.INTERFACE;
        }
    }

    /** What a module descriptor says. */
    record Descriptor(Source source, ModuleTree tree, boolean isDescribed) {
        List<String> requires() {
            return tree.getDirectives().stream()
                    .flatMap(directive -> name(directive).stream())
                    .toList();
        }

        private static Optional<String> name(DirectiveTree directive) {
            return directive instanceof RequiresTree requires && !requires.isStatic()
                    ? Optional.of(requires.getModuleName().toString())
                    : Optional.empty();
        }

        List<String> exports() {
            return tree.getDirectives().stream()
                    .filter(ExportsTree.class::isInstance)
                    .map(directive -> ((ExportsTree) directive).getPackageName().toString())
                    .toList();
        }
    }

    static List<Source> all() {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        var task = (JavacTask) compiler.getTask(
                null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(Repository.javaFiles()));
        try {
            var units = task.parse();
            var trees = DocTrees.instance(task);
            return StreamSupport.stream(units.spliterator(), false)
                    .map(unit -> of(unit, trees))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source of(CompilationUnitTree unit, DocTrees trees) {
        var path = Path.of(unit.getSourceFile().toUri());
        return new Source(path, Repository.ROOT.relativize(path).getName(0).toString(), unit, trees);
    }

    String name() {
        return Repository.name(path);
    }

    boolean isMain() {
        return name().startsWith(module + "/src/main/");
    }

    /** Whether its package is what other modules see of this one. */
    boolean isExported(List<Descriptor> descriptors) {
        var name =
                Optional.ofNullable(unit.getPackageName()).map(Object::toString).orElse("");
        return isMain()
                && descriptors.stream()
                        .anyMatch(descriptor -> descriptor.source().module().equals(module)
                                && descriptor.exports().contains(name));
    }

    Optional<Descriptor> descriptor() {
        return Optional.ofNullable(unit.getModule()).map(tree -> {
            var path = TreePath.getPath(unit, tree);
            return new Descriptor(this, tree, trees.getDocCommentTree(path) != null);
        });
    }

    List<Declared> types() {
        var types = new ArrayList<Declared>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree tree, Void unused) {
                if (!tree.getSimpleName().isEmpty()) {
                    types.add(new Declared(Source.this, getCurrentPath(), tree));
                }
                return super.visitClass(tree, null);
            }
        }.scan(unit, null);
        return types;
    }

    /** The line that a tree begins in, and how many lines it takes. */
    int lineCount(Tree tree) {
        var positions = trees.getSourcePositions();
        var map = unit.getLineMap();
        long start = positions.getStartPosition(unit, tree);
        long end = positions.getEndPosition(unit, tree);
        return start < 0 || end < 0 ? 0 : (int) (map.getLineNumber(end) - map.getLineNumber(start) + 1);
    }
}
