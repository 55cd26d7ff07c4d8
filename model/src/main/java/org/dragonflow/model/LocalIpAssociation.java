package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc("That a local IP stands for a port, for those on the port's chassis.")
@Resource(singular = "port_association", plural = "port_associations", parent = LocalIp.class)
public record LocalIpAssociation(
        @Access(value = SERVER, hidden = true) @Doc("Names the association: the local IP and the port.")
        Id<LocalIpAssociation> id,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(SERVER) @Reference(Reference.Promise.PART_OF) @Doc("The local IP.")
        Id<LocalIp> localIpId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The port that it stands for.")
        Id<Port> fixedPortId,

        @Access(CLIENT_ON_CREATE) @Filled @Doc("The port's address that it stands for; left out: its only one.")
        Optional<IpAddress> fixedIp)
        implements Entity {

    /** The name of the association of a local IP with a port. */
    public static Id<LocalIpAssociation> id(String localIp, String port) {
        return Id.of(LocalIpAssociation.class, localIp + "." + port);
    }

    /** The associations of a local IP. */
    public static Query<LocalIpAssociation> of(Id<LocalIp> localIp) {
        return Query.by(LocalIpAssociation.class, "local_ip_id", localIp);
    }
}
