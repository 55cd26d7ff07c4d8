# Glance of the Debian package python3-glance in one process: makes its database, then serves.
# usage: glance.py DIRECTORY-OF-CONFIGURATION PORT
import os
import sys

from serving import serve

# Else this very file would be taken for the package.
sys.path.pop(0)

from glance.cmd.manage import DbCommands
from glance.common import config, wsgi_app
from oslo_config import cfg

directory, port = sys.argv[1:]
# Glance reads the command line too.
sys.argv[1:] = []
os.environ["OS_GLANCE_CONFIG_DIR"] = directory
config.set_config_defaults()
cfg.CONF([], project="glance", default_config_files=[os.path.join(directory, "glance-api.conf")])
DbCommands().sync()

serve(wsgi_app.init_app(), port)
