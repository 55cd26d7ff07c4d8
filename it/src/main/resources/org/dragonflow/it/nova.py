# Nova of the Debian package python3-nova in one process, which needs no message broker: makes its databases, then runs
# conductor, scheduler, API, metadata and, for each host, a compute service.
# usage: nova.py CONFIGURATION HOST...
import sys

# Else this very file would be taken for the package.
sys.path.pop(0)

# Before all else, as Nova has it.
import nova.monkey_patch  # noqa: F401

import sqlite3

import eventlet
import nova.conf
import os_vif
from nova import config, context, exception, objects, service
from nova.db import migration
from nova.network import os_vif_util
from nova.virt import fake
from oslo_log import log

CONF = nova.conf.CONF


class WaitingDriver(fake.FakeDriver):
    """Starts nothing, as Nova's own FakeDriver; but until a server's cards are plugged in it is not there, as with libvirt, and does not move."""

    def spawn(self, context, instance, *args, network_info=None, **kwargs):
        for card in network_info or []:
            # What the driver of libvirt plugs in; it is an exception if os-vif cannot make anything of the binding.
            log.getLogger("nova.cards").info("card %s", os_vif_util.nova_to_osvif_vif(card))
        awaited = [("network-vif-plugged", card["id"]) for card in network_info or [] if not card["active"]]
        try:
            with self.virtapi.wait_for_instance_event(
                instance, awaited, deadline=CONF.vif_plugging_timeout, error_callback=self.fail
            ):
                super().spawn(context, instance, *args, network_info=network_info, **kwargs)
        except eventlet.timeout.Timeout:
            self.destroy(context, instance, network_info)
            raise exception.VirtualInterfaceCreateException()

    def live_migration(self, context, instance, dest, *args, **kwargs):
        # Nova itself waits here if there is a bridge of Linux between card and switch; it goes by the same event.
        awaited = [("network-vif-plugged", card["id"]) for card in instance.get_network_info()]
        with self.virtapi.wait_for_instance_event(
            instance, awaited, deadline=CONF.vif_plugging_timeout, error_callback=self.fail
        ):
            log.getLogger("nova.cards").info("awaited at %s: %s", dest, awaited)
        super().live_migration(context, instance, dest, *args, **kwargs)

    def fail(self, event, instance):
        raise exception.VirtualInterfaceCreateException()

    def post_live_migration(self, context, instance, block_device_info, migrate_data=None):
        self.destroy(context, instance, None)


def make_databases():
    cell0 = CONF.database.connection + "0"
    for database in (CONF.database.connection, CONF.api_database.connection, cell0):
        # Else who reads keeps others from writing.
        connection = sqlite3.connect(database.removeprefix("sqlite:///"))
        connection.execute("pragma journal_mode = wal")
        connection.close()
    migration.db_sync(database="api")
    migration.db_sync()
    nowhere = cell(objects.CellMapping.CELL0_UUID, "none:///", cell0)
    with context.target_cell(context.get_admin_context(), nowhere) as within:
        migration.db_sync(context=within)
    return cell("2ca1c0de-0000-4000-8000-000000000001", CONF.transport_url, CONF.database.connection)


def cell(uuid, transport, database):
    made = objects.CellMapping(
        context.get_admin_context(), uuid=uuid, name=uuid, transport_url=transport, database_connection=database
    )
    made.create()
    return made


def run(binary, host, topic):
    service.Service.create(host=host, binary=binary, topic=topic).start()


# Nova looks for drivers there.
sys.modules["nova.virt.waiting"] = sys.modules[__name__]
configuration, *hosts = sys.argv[1:]
config.parse_args(["nova", "--config-file", configuration])
log.setup(CONF, "nova")
objects.register_all()
objects.Service.enable_min_version_cache()
os_vif.initialize()
here = make_databases()
run("nova-conductor", "controller", "conductor")
run("nova-scheduler", "controller", "scheduler")
for host in hosts:
    # The driver looks there for the name of its hypervisor.
    CONF.set_override("host", host)
    run("nova-compute", host, "compute")
    objects.HostMapping(context.get_admin_context(), host=host, cell_mapping=here).create()
metadata = service.WSGIService("metadata")
metadata.start()
api = service.WSGIService("osapi_compute")
api.start()
api.wait()
