package org.dragonflow.feed;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives chassis their certificates: the first for a token, further ones for a certificate that is still good. */
public final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private final Authority authority;
    private final Tokens tokens;
    private final Duration lifetime;

    /**
     * Joins chassis to this authority.
     *
     * @param lifetime of their certificates
     */
    public Joining(Authority authority, Tokens tokens, Duration lifetime) {
        this.authority = authority;
        this.tokens = tokens;
        this.lifetime = lifetime;
    }

    Map<String, ?> join(Json body) throws Refused, IOException, InterruptedException {
        var key = requestedKey(body);
        var chassis = Id.of(Chassis.class, body.text("chassis"));
        tokens.redeem(chassis, Token.digest(body.text("secret")));
        LOG.info("{} has joined", chassis);
        return answer(authority.chassis(chassis.value(), key, lifetime));
    }

    /** The caller has shown that it speaks for the chassis. */
    Map<String, ?> renew(String chassis, Json body) throws Refused, IOException {
        var chain = authority.chassis(chassis, requestedKey(body), lifetime);
        LOG.info("{} has a new certificate", chassis);
        return answer(chain);
    }

    private static Map<String, ?> answer(List<X509Certificate> chain) {
        return Map.of("certificate", Pem.text(chain), "authority", Pem.text(List.of(chain.getLast())));
    }

    /** The key of a certificate request (RFC 2986) that its holder has signed with it. */
    private static PublicKey requestedKey(Json body) throws Refused {
        try (var parser = new PEMParser(new StringReader(body.text("request")))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest read) {
                var request = new JcaPKCS10CertificationRequest(read);
                var key = request.getPublicKey();
                if (request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                    return key;
                }
            }
            throw new Refused(Reason.MALFORMED, "the certificate request is not signed by its key");
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new Refused(Reason.MALFORMED, "the certificate request cannot be read: " + e.getMessage());
        }
    }
}
