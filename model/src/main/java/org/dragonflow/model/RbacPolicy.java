package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

@Doc("Lets another project, or all, use something of this one.")
@Resource(singular = "rbac_policy", plural = "rbac_policies")
@Unique({"object_id", "action", "target_tenant"})
public record RbacPolicy(
        @Access(SERVER) @Doc("Names the policy.") Id<RbacPolicy> id,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE)
        @OneOf({"network", "security_group", "address_group", "address_scope", "subnetpool", "qos_policy"})
        @Doc("The kind of what is let others use.")
        String objectType,

        @Access(CLIENT_ON_CREATE) @Range(min = 1, max = 36) @Indexed @Doc("The id of what is let others use.")
        String objectId,

        @Access(CLIENT_ON_CREATE)
        @OneOf({"access_as_shared", "access_as_external"})
        @Doc("What others may: use it as their own, or, of a network, as the way to the outside.")
        String action,

        @Range(min = 1, max = 255) @Indexed @Doc("The project that may; * for all.")
        String targetTenant)
        implements Entity {
    /** Stands for all projects. */
    public static final String EVERYBODY = "*";

    public static final String SHARED = "access_as_shared";
    public static final String EXTERNAL = "access_as_external";

    /** The policies about one thing. */
    public static Query<RbacPolicy> about(Id<?> object) {
        return Query.by(RbacPolicy.class, "object_id", object.value());
    }

    /** The policies for one project, or for everybody. */
    public static Query<RbacPolicy> towards(String project) {
        return Query.by(RbacPolicy.class, "target_tenant", project);
    }

    /** Whether it lets somebody of this project do it. */
    public boolean lets(String project, String what) {
        return action.equals(what) && (targetTenant.equals(EVERYBODY) || targetTenant.equals(project));
    }
}
