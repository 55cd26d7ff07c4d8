package org.dragonflow.feed;

import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Gives chassis their certificates: the first for a token, further ones for a certificate that is still good. */
public final class Joining {
    private final Authority authority;
    private final Tokens tokens;

    public Joining(Authority authority, Tokens tokens) {
        this.authority = authority;
        this.tokens = tokens;
    }

    Map<String, ?> join(Json body) throws Refused, IOException, InterruptedException {
        var key = requestedKey(body);
        var chassis = tokens.redeem(Token.digest(body.text("secret")));
        if (!chassis.value().equals(body.text("chassis"))) {
            throw new Refused(Reason.WRONG_NAME, "the token is not for " + body.text("chassis"));
        }
        return answer(authority.chassis(chassis.value(), key));
    }

    /** The caller has shown that it speaks for the chassis. */
    Map<String, ?> renew(String chassis, Json body) throws Refused, IOException {
        return answer(authority.chassis(chassis, requestedKey(body)));
    }

    private static Map<String, ?> answer(List<X509Certificate> chain) {
        return Map.of("certificate", Pem.text(chain), "authority", Pem.text(List.of(chain.getLast())));
    }

    /** The key of a certificate request (RFC 2986) that its holder has signed with it. */
    private static PublicKey requestedKey(Json body) throws Refused {
        try (var parser = new PEMParser(new java.io.StringReader(body.text("request")))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest read) {
                var request = new JcaPKCS10CertificationRequest(read);
                var key = request.getPublicKey();
                if (request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                    return key;
                }
            }
            throw new Refused(Reason.MALFORMED, "the certificate request is not signed by its key");
        } catch (IOException | java.security.GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new Refused(Reason.MALFORMED, "the certificate request cannot be read: " + e.getMessage());
        }
    }
}
