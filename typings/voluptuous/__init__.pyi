# Home Assistant serves its own engine, probatio, under the name voluptuous; the real package's types
# would not match what Home Assistant's functions ask for.
from probatio import *
