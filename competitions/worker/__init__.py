"""The scoring process: what it holds, how it says that it is there, and how it scores one submission.

Started by Celery's signals in `tasks`. Everything here runs in a worker, never in the web process.
"""

from competitions.worker.errands import prove_version, run_seed
from competitions.worker.scoring import score
from competitions.worker.workplace import Workplace, workplace

__all__ = ["Workplace", "prove_version", "run_seed", "score", "workplace"]
