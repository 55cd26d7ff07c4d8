# Keystone of the Debian package python3-keystone in one process: makes what is missing in its database, then serves.
# usage: keystone.py CONFIGURATION PORT PASSWORD-OF-ADMIN
import sqlite3
import sys

from serving import serve

# Else this very file would be taken for the package.
sys.path.pop(0)

import keystone.conf
import keystone.server
from keystone.cmd.bootstrap import Bootstrapper
from keystone.common.sql import upgrades
from keystone.server.flask import application, core

configuration, port, password = sys.argv[1:]
# Keystone reads the command line too.
sys.argv[1:] = []
keystone.server.configure(config_files=[configuration])
# Else a list that Keystone has not read to its end keeps everybody from writing.
database = sqlite3.connect(keystone.conf.CONF.database.connection.removeprefix("sqlite:///"))
database.execute("pragma journal_mode = wal")
database.close()
upgrades.offline_sync_database_to_version()

first = Bootstrapper()
first.admin_username = first.project_name = first.admin_role_name = "admin"
first.admin_password = password
first.service_name = "keystone"
first.region_id = "RegionOne"
# Other services look for its internal one.
first.public_url = first.internal_url = first.admin_url = f"http://127.0.0.1:{port}/v3"
first.bootstrap()

serve(core.setup_app_middleware(application.application_factory("public")), port)
