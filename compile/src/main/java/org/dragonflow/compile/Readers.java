package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.dragonflow.model.Query;
import org.jspecify.annotations.Nullable;

/** Which units asked which question. A question is kept once, however many ask it. */
final class Readers {
    /** Nearly every question has a reader or two, for whom a list is smaller than a set and no slower. */
    private static final int FEW = 8;

    private final Compact<Query<?>, Question> questions = new Compact<>(question -> question.query);

    /** A query that somebody asked, and who did. */
    static final class Question {
        private final Query<?> query;
        private List<Unit> few = new ArrayList<>(1);
        private @Nullable Compact<Unit, Unit> many;

        private Question(Query<?> query) {
            this.query = query;
        }

        private List<Unit> readers() {
            return many == null ? Collections.unmodifiableList(few) : many.elements();
        }

        private void add(Unit unit) {
            if (many == null && few.size() == FEW) {
                many = new Compact<>(reader -> reader);
                few.forEach(many::put);
                few = List.of();
            }
            if (many != null) {
                many.put(unit);
            } else {
                few.add(unit);
            }
        }

        /** Says whether nobody is left. */
        private boolean remove(Unit unit) {
            if (many != null) {
                many.remove(unit);
                return many.isEmpty();
            }
            few.remove(unit);
            return few.isEmpty();
        }
    }

    boolean isEmpty() {
        return questions.isEmpty();
    }

    List<Unit> of(Query<?> query) {
        var question = questions.find(query);
        return question == null ? List.of() : question.readers();
    }

    /**
     * A unit that asked {@code before} asks {@code now} instead.
     *
     * @param now distinct
     * @return what to give as {@code before} the next time
     */
    List<Question> replace(Unit unit, List<Question> before, Collection<Query<?>> now) {
        if (isSame(before, now)) {
            return before;
        }
        before.forEach(question -> remove(question, unit));
        return now.stream().map(query -> add(query, unit)).toList();
    }

    /** Whether both are the same, in the same order; most runs ask what they asked the last time. */
    private static boolean isSame(List<Question> before, Collection<Query<?>> now) {
        if (before.size() != now.size()) {
            return false;
        }
        int i = 0;
        for (var query : now) {
            if (!query.equals(before.get(i++).query)) {
                return false;
            }
        }
        return true;
    }

    private Question add(Query<?> query, Unit unit) {
        var question = questions.find(query);
        if (question == null) {
            question = new Question(query);
            questions.put(question);
        }
        question.add(unit);
        return question;
    }

    private void remove(Question question, Unit unit) {
        if (question.remove(unit)) {
            questions.remove(question.query);
        }
    }
}
