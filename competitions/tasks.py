"""What Celery runs: load, call one action. Its signals start and end what a scoring process holds."""

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown

from competitions import actions, worker
from competitions.actions import errands
from competitions.worker.heartbeat import Heartbeat

_heartbeats: list[Heartbeat] = []


@shared_task(name="competitions.tasks.score", ignore_result=True)
def score(submission_id: int) -> None:
    worker.score(submission_id)


@shared_task(name="competitions.tasks.sweep", ignore_result=True)
def sweep() -> None:
    actions.sweep()
    errands.sweep_errands()


@shared_task(name="competitions.tasks.prove_version", ignore_result=True)
def prove_version(key: int) -> None:
    worker.prove_version(key)


@shared_task(name="competitions.tasks.run_seed", ignore_result=True)
def run_seed(key: int) -> None:
    worker.run_seed(key)


@worker_ready.connect
def open_workplace(**_signal: object) -> None:
    place = worker.workplace()
    heartbeat = Heartbeat(place)
    heartbeat.start()
    _heartbeats.append(heartbeat)
    place.warm_up()


@worker_shutdown.connect
def close_workplace(**_signal: object) -> None:
    while _heartbeats:
        _heartbeats.pop().stop()
    worker.workplace().close()
