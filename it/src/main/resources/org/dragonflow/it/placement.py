# Placement of the Debian package python3-placement in one process: makes its database, then serves.
# usage: placement.py CONFIGURATION PORT
import sys

from serving import serve

# Else this very file would be taken for the package.
sys.path.pop(0)

from oslo_config import cfg
from placement import conf, db_api, deploy
from placement.db.sqlalchemy import migration

configuration, port = sys.argv[1:]
config = cfg.ConfigOpts()
conf.register_opts(config)
config([], project="placement", default_config_files=[configuration])
db_api.configure(config)
migration.upgrade("head")

serve(deploy.loadapp(config), port)
