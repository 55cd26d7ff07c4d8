package org.dragonflow.feed;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a chassis has a new certificate in time: when two thirds of the life of the one it has are over. */
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final String chassis;
    private final Credentials.Files files;
    private final InstantSource clock;
    private Instant due;

    Renewal(String chassis, Credentials.Files files, X509Certificate current, InstantSource clock) {
        this.chassis = chassis;
        this.files = files;
        this.clock = clock;
        this.due = due(current);
    }

    static Instant due(X509Certificate certificate) {
        var begin = certificate.getNotBefore().toInstant();
        var life = Duration.between(begin, certificate.getNotAfter().toInstant());
        return begin.plus(life.multipliedBy(2).dividedBy(3));
    }

    /** Renews if it is time, over a courier that shows the current certificate. */
    void renewIfDue(Courier courier) throws InterruptedException {
        var now = clock.instant();
        if (now.isBefore(due)) {
            return;
        }
        try {
            Join.renew(courier, chassis, files);
            var fresh = Pem.certificates(files.certificate()).getFirst();
            due = due(fresh);
            LOG.info(
                    "{} has a new certificate, until {}",
                    chassis,
                    fresh.getNotAfter().toInstant());
        } catch (IOException | Refused e) {
            due = now.plus(PAUSE);
            LOG.warn("{} has no new certificate, trying again: {}", chassis, e.getMessage());
        }
    }
}
