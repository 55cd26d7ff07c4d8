package org.dragonflow.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.flow.SwitchEvent;

/**
 * Where readers leave what they read, for the loop to take.
 *
 * <p>Who brings news of the northbound or the database waits while too much lies here. The switch is never made to wait: punted packets
 * that find no room are dropped, as a network drops packets, and its other news are few.
 */
final class Mailbox {
    static final int MOST_INPUTS = 10_000;
    static final int MOST_PUNTS = 1_024;

    /** So many are answered before the loop looks at other news again. */
    static final int PUNTS_A_TURN = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isSomething = lock.newCondition();
    private final Condition isRoom = lock.newCondition();
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final ArrayDeque<SwitchEvent.PacketIn> punts = new ArrayDeque<>();
    private long dropped;

    /** Waits for room. A reader that is interrupted meanwhile is being closed; what it brings is dropped. */
    void put(Input input) {
        lock.lock();
        try {
            while (inputs.size() >= MOST_INPUTS) {
                isRoom.await();
            }
            inputs.add(input);
            isSomething.signal();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Never waits for room. */
    void tell(SwitchEvent event) {
        lock.lock();
        try {
            switch (event) {
                case SwitchEvent.PacketIn punt when punts.size() < MOST_PUNTS -> punts.add(punt);
                case SwitchEvent.PacketIn _ -> dropped++;
                case SwitchEvent.Connected _, SwitchEvent.Disconnected _ -> inputs.add(new Input.FromSwitch(event));
                // The database says the same, and with the name of the port that it is for.
                case SwitchEvent.PortStatus _ -> {}
            }
            isSomething.signal();
        } finally {
            lock.unlock();
        }
    }

    /** All inputs and some punts; waits up to {@code patience} for something to be there. */
    Input.Batch take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (inputs.isEmpty() && punts.isEmpty() && left > 0) {
                left = isSomething.awaitNanos(left);
            }
            var some = new ArrayList<SwitchEvent.PacketIn>();
            while (some.size() < PUNTS_A_TURN && !punts.isEmpty()) {
                some.add(punts.remove());
            }
            var batch = new Input.Batch(new ArrayList<>(inputs), some, dropped);
            inputs.clear();
            dropped = 0;
            isRoom.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }
}
