package org.dragonflow.apps;

import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Router;

/** That a router is near, or that this chassis stands for it outside; what it does with its way outside matters here. */
record EdgeRouter(Id<EdgeRouter> id) implements Entity {
    static EdgeRouter to(Id<Router> router) {
        return new EdgeRouter(of(router));
    }

    static Id<EdgeRouter> of(Id<Router> router) {
        return Id.of(EdgeRouter.class, router.value());
    }

    Id<Router> router() {
        return Id.of(Router.class, id.value());
    }
}
