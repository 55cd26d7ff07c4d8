package org.dragonflow.it;

import java.util.concurrent.locks.LockSupport;

/** The main program of a process that opens a lab and does not close it. */
final class LabProcess {
    private LabProcess() {}

    public static void main(String[] arguments) {
        var lab = Lab.open(arguments[0]);
        lab.joinRoot();
        lab.chassis("hv1");
        var sleeper = lab.start(Command.of("sleep", "600"), lab.directory().resolve("sleep.log"));
        if (!sleeper.isAlive()) {
            throw new IllegalStateException("no sleeper");
        }
        System.out.println("up");
        switch (arguments[1]) {
            case "leave" -> lab.leaveRunning();
            case "end" -> {}
            default -> LockSupport.park();
        }
    }
}
