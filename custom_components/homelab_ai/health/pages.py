"""The page about a problem."""

from ..topology import Topology, page_of
from .problem import Problem


def page_about(problem: Problem, topology: Topology) -> str:
    """Return the address of its own page, else of that of what has the problem; empty without one."""
    return problem.url or page_of(topology, topology.subject(problem.subject, problem.source))
