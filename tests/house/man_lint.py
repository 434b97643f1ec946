#!/usr/bin/env python3
"""mandoc finds nothing to warn of in the man pages."""
import os

import house

house.need("mandoc")
pages = [os.path.join(house.ROOT, path) for path in house.files("man", ends=(".1", ".3", ".5"))]
house.conclude(house.output("mandoc", "-T", "lint", "-W", "warning", *pages).splitlines())
