"""site_directory.py PREFIX: where below PREFIX this Python looks for packages with extension modules; as seen from there.

Its own place, where that is below the prefix. Debian's has one place for /usr/local and one for its packages below /usr.
"""
import os
import sys
import sysconfig


def below(prefix, path):
    relative = os.path.relpath(path, prefix)
    return relative if relative.split(os.sep)[0] != os.pardir else None


def site_directory(prefix):
    if prefix == "/usr" and "deb_system" in sysconfig.get_scheme_names():
        return below(prefix, sysconfig.get_path("platlib", "deb_system"))
    own = below(prefix, sysconfig.get_path("platlib"))
    if own is not None:
        return own
    variables = {"base": prefix, "platbase": prefix}
    return below(prefix, sysconfig.get_path("platlib", "posix_prefix", variables))


print(site_directory(os.path.normpath(sys.argv[1])))
