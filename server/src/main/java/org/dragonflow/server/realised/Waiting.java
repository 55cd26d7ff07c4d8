package org.dragonflow.server.realised;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.dragonflow.feed.Realised;
import org.dragonflow.server.Config;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.store.Replica;

/** Holds back the answer to a write until the switches do what was written, if the client asks for that; not for ever, and not for too many. */
public final class Waiting {
    private static final String WAIT = "wait";
    private static final String SECONDS = "wait_seconds";
    private static final Set<String> WRITES = Set.of("POST", "PUT", "DELETE");
    private static final String REALISED = "X-Dragonflow-Realised";
    private static final String WHERE = "X-Dragonflow-Realised-At";

    private final Replica replica;
    private final Realised realised;
    private final Config.Waiting limits;
    private final Semaphore seats;

    public Waiting(Replica replica, Realised realised, Config.Waiting limits) {
        this.replica = replica;
        this.realised = realised;
        this.limits = limits;
        this.seats = new Semaphore(limits.mostRequests());
    }

    /** The endpoint's answer, and whether the switches have what it changed. */
    public Response answer(Request request, Function<Request, Response> endpoint) {
        if (!WRITES.contains(request.method()) || request.parameters(WAIT).isEmpty()) {
            return endpoint.apply(request);
        }
        if (!request.parameter(WAIT).orElseThrow().equals("realised")) {
            throw Refusal.badRequest("wait is for 'realised', and not for '%s'"
                    .formatted(request.parameter(WAIT).orElseThrow()));
        }
        long deadline = System.nanoTime() + longest(request).toNanos();
        var commits = new ArrayList<Long>();
        var response = replica.watching(commits::add, () -> endpoint.apply(request));
        return commits.isEmpty()
                ? response
                : response.with(REALISED, await(commits, deadline) ? "yes" : "no")
                        .with(WHERE, RealisedApi.path(commits.getLast()));
    }

    private Duration longest(Request request) {
        var asked = request.parameter(SECONDS).orElse(Integer.toString(limits.seconds()));
        if (!asked.matches("[0-9]{1,6}") || Integer.parseInt(asked) > limits.mostSeconds()) {
            throw Refusal.badRequest(
                    "%s is a number from 0 to %d, and not '%s'".formatted(SECONDS, limits.mostSeconds(), asked));
        }
        return Duration.ofSeconds(Integer.parseInt(asked));
    }

    /** Who finds no seat is told at once how it is: what was written is written. */
    private boolean await(List<Long> commits, long deadline) {
        boolean isSeated = seats.tryAcquire();
        try {
            boolean isComplete = true;
            for (long commit : commits) {
                var left = isSeated ? Duration.ofNanos(Math.max(0, deadline - System.nanoTime())) : Duration.ZERO;
                isComplete &= realised.await(commit, left)
                        .filter(RealisedApi::isComplete)
                        .isPresent();
            }
            return isComplete;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            if (isSeated) {
                seats.release();
            }
        }
    }
}
