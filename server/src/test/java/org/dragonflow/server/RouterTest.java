package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What routers are made of, and who may say so. */
class RouterTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply router(String attributes) {
        return cloud.post("routers", "{'router':{%s}}".formatted(attributes));
    }

    private Cloud.Reply change(String router, String attributes) {
        return cloud.put("routers/" + router, "{'router':{%s}}".formatted(attributes));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void aRouterChangesItsWaysOnlyWhileItIsDown() {
        var router = router("").id();
        for (var attribute : List.of("distributed", "ha")) {
            assertRefused(change(router, "'%s':true".formatted(attribute)), 400, "BadRequest");
            assertRefused(change(router, "'%s':true,'admin_state_up':false".formatted(attribute)), 400, "BadRequest");
            change(router, "'%s':false".formatted(attribute)).ok();
        }
        change(router, "'admin_state_up':false").ok();
        assertThat(change(router, "'distributed':true,'ha':true").ok().get("ha").asBoolean(false))
                .isTrue();
    }

    @Test
    void aRouterIsOfAFlavorThatSomethingCanBeMadeOf() {
        var flavor = cloud.post("flavors", "{'flavor':{'name':'f','service_type':'L3_ROUTER_NAT'}}")
                .id();
        var wish = "'flavor_id':'%s'".formatted(flavor);
        assertRefused(router(wish), 404, "FlavorServiceProfileBindingNotFound");
        assertRefused(router("'flavor_id':'00000000-0000-0000-0000-000000000000'"), 404, "FlavorNotFound");
        var profile = cloud.post("service_profiles", "{'service_profile':{'driver':'dragonflow','enabled':false}}")
                .id();
        cloud.post("flavors/" + flavor + "/service_profiles", "{'service_profile':{'id':'%s'}}".formatted(profile))
                .ok();
        assertRefused(router(wish), 409, "ServiceProfileDisabled");
        var other = cloud.post("service_profiles", "{'service_profile':{'driver':'dragonflow'}}")
                .id();
        cloud.put("flavors/" + flavor, "{'flavor':{'service_profiles':['%s']}}".formatted(other))
                .ok();
        var router = router(wish).ok();
        assertThat(router.text("flavor_id")).isEqualTo(flavor);
        assertThat(Cloud.all(cloud.get("routers?flavor_id=" + flavor), "id")).containsExactly(router.id());
        assertThat(change(router.id(), "'flavor_id':null").status()).isEqualTo(400);
        assertThat(Cloud.all(cloud.get("flavors", Cloud.member("p")), "id")).containsExactly(flavor);
        assertRefused(cloud.delete("flavors/" + flavor), 409, "FlavorInUse");
        cloud.put("flavors/" + flavor, "{'flavor':{'enabled':false}}").ok();
        assertRefused(router(wish), 409, "FlavorDisabled");
        cloud.delete("routers/" + router.id());
        assertThat(cloud.delete("flavors/" + flavor).status()).isEqualTo(204);
    }

    @Test
    void aFlavorOfNeutronsDriversArrangesTheRouter() {
        assertThat(Cloud.all(cloud.get("service-providers"), "name"))
                .containsExactly("dragonflow", "single_node", "ha", "dvr", "dvrha");
        var flavor = cloud.post("flavors", "{'flavor':{'name':'f','service_type':'L3_ROUTER_NAT'}}")
                .id();
        var driver = "neutron.services.l3_router.service_providers.dvr.DvrDriver";
        var profile = cloud.post("service_profiles", "{'service_profile':{'driver':'%s'}}".formatted(driver))
                .id();
        cloud.post("flavors/" + flavor + "/service_profiles", "{'service_profile':{'id':'%s'}}".formatted(profile))
                .ok();
        var wish = "'flavor_id':'%s'".formatted(flavor);
        var router = router(wish).ok();
        assertThat(router.get("distributed").asBoolean(false)).isTrue();
        assertThat(router.get("ha").asBoolean(true)).isFalse();
        assertThat(router(wish + ",'ha':true").message()).contains("Provider dvr does not support ha=True");
        router(wish + ",'distributed':true").ok();
        change(router.id(), "'admin_state_up':false").ok();
        assertRefused(change(router.id(), "'ha':true"), 400, "InvalidInput");
    }

    @Test
    void aPortIsNotPassedOffAsTheInterfaceOfAnothersRouter() {
        var router = router("").id();
        var member = Cloud.member("p");
        var network = cloud.post("networks", "{'network':{}}", member).id();
        var owner = "'device_owner':'network:router_interface','device_id':'%s'";
        var body = "{'port':{'network_id':'%s'%s}}";
        assertRefused(
                cloud.post("ports", body.formatted(network, "," + owner.formatted(router)), member),
                409,
                "DeviceIDNotOwnedByTenant");
        var port = cloud.post("ports", body.formatted(network, ""), member).id();
        assertRefused(
                cloud.put("ports/" + port, "{'port':{%s}}".formatted(owner.formatted(router)), member),
                409,
                "DeviceIDNotOwnedByTenant");
        var own = cloud.post("routers", "{'router':{}}", member).id();
        assertThat(cloud.put("ports/" + port, "{'port':{%s}}".formatted(owner.formatted(own)), member)
                        .status())
                .isEqualTo(200);
    }
}
