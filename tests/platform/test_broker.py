"""The filesystem broker under several processes: nothing lost, nothing taken twice, nothing read half-written."""

import multiprocessing
import os
from collections import Counter
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from config.broker import Channel
from config.celery import app

QUEUE = Queue("numbers", Exchange("numbers"), routing_key="numbers")


def connect(folder) -> Connection:
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.01,
    }
    return Connection("filesystem://localhost/", transport_options=options)


def produce(folder, first: int, count: int) -> None:
    with connect(folder) as connection:
        producer = connection.Producer()
        for number in range(first, first + count):
            # Large enough that a write takes several system calls.
            body = {"number": number, "padding": "x" * 100_000}
            producer.publish(body, exchange=QUEUE.exchange, routing_key="numbers", declare=[QUEUE])


def consume(folder, results) -> None:
    taken = []
    with connect(folder) as connection:
        queue = connection.SimpleQueue(QUEUE)
        while True:
            try:
                message = queue.get(timeout=1.5)
            except Empty:
                break
            taken.append(message.payload["number"])
            message.ack()
    results.put(taken)


def test_celery_uses_it():
    with app.connection_for_write() as connection:
        assert isinstance(connection.default_channel, Channel)


def test_messages_come_in_the_order_in_which_they_were_sent(tmp_path):
    produce(tmp_path, 0, 5)
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue(QUEUE)
        got = [queue.get(timeout=2).payload["number"] for _ in range(5)]
    assert got == [0, 1, 2, 3, 4]


def test_three_writers_and_three_readers(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    readers = [spawn.Process(target=consume, args=(tmp_path, results)) for _ in range(3)]
    writers = [spawn.Process(target=produce, args=(tmp_path, first, 40)) for first in (0, 1000, 2000)]
    for process in (*writers, *readers):
        process.start()
    taken = Counter(number for _ in readers for number in results.get(timeout=60))
    for process in (*writers, *readers):
        process.join(10)
        assert process.exitcode == 0
    # A reader may have given up before the slowest writer was done: what is left counts too.
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue(QUEUE)
        while queue.qsize():
            taken[queue.get(timeout=2).payload["number"]] += 1
    assert taken == Counter({first + number: 1 for first in (0, 1000, 2000) for number in range(40)})
    assert [name for name in os.listdir(tmp_path / "messages") if name.endswith((".tmp", ".taken"))] == []


def test_a_message_that_is_being_written_is_not_seen(tmp_path):
    with connect(tmp_path) as connection:
        channel = connection.default_channel
        (tmp_path / "messages" / ".half.tmp").write_text('{"half')
        (tmp_path / "messages" / ".1_x.numbers.msg").write_text('{"half')
        with pytest.raises(Empty):
            channel._get("numbers")
