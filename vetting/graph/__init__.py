"""What a certification asks for and whether it is met. Pure: no tables, no clock.

`evaluate` is monotone (more evidence never unmeets anything), idempotent and free of order; `validate` says why a graph could
never be met.
"""

from vetting.graph.evaluation import Evaluation, Outcome, Verdict, evaluate
from vetting.graph.shape import Graph, GraphProblem, Group, Need, validate

__all__ = [
    "Evaluation",
    "Graph",
    "GraphProblem",
    "Group",
    "Need",
    "Outcome",
    "Verdict",
    "evaluate",
    "validate",
]
