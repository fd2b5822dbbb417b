"""Inputs -> outcomes in several processes: the same ones in the same order as `clean_each` gives.

A thread for each process hands it a batch of inputs and takes their outcomes one by one, so that when a process dies
it is known at which input: this one is lost and the next go to a new process. (With the standard library's executor a
death breaks everything in flight.) The batches on their way are bounded, and a thread of its own reads them, so that
what is done comes out while the input still waits for more.

A process that is at one input for longer than the limit is ended: nothing else ends a parser's loop in C.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.resource_tracker import ensure_running
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread

from scrub.errors import InternalError, ScrubError, TimeLimitError
from scrub.run.articles import Outcome, Start
from scrub.run.waiting import take
from scrub.sources.files import Input, name_of

SECONDS_EACH = 60.0  # for one input; the slowest that the limits of `html` let through takes 15
IN_FLIGHT = 4  # batches a process: read, being cleaned, or done and waiting for those before them


def clean_in_processes(
    batches: Iterable[Sequence[Input]], start: Start, jobs: int, seconds: float = SECONDS_EACH
) -> Generator[Outcome]:
    """The outcome of each input, in order; TimeLimitError is that of one that takes longer than `seconds`. Close the
    generator to end the processes at once.

    `start` is sent to each process, which begins with it. Raises what it raises there (a RuleError), what `batches`
    raises, and InternalError where no process can be started.
    """
    crew = _Crew(start, jobs, seconds)
    try:
        crew.begin(batches)
        while (batch := take(crew.in_order)) is not None:
            for _ in batch.inputs:
                yield _raised(take(batch.outcomes))
            crew.room.release()
    finally:
        crew.end()


def _raised(outcome: Outcome | Exception) -> Outcome:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def start_one(start: Start, seconds: float = SECONDS_EACH) -> Worker:
    """A process that is ready to clean, started from the main thread: Ctrl-C is for this process, which ends that one.
    Raises as `clean_in_processes`."""
    with _without_interrupts():
        worker = _started(start, seconds)
    worker.greet()
    return worker


class _Batch:
    """Inputs, and their outcomes as they come; an exception in the place of an outcome ends everything."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.inputs = inputs
        self.outcomes: SimpleQueue[Outcome | Exception] = SimpleQueue()


class Worker:
    """A process and the line to it; it may be at one input for so many seconds."""

    def __init__(self, start: Start, seconds: float) -> None:
        self.seconds = seconds
        self.is_late = False
        context = get_context("spawn")  # a fork would copy the locks of our threads as they happen to be
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, start), daemon=True)
        self.process.start()
        theirs.close()

    def greet(self) -> None:
        """Wait until it is ready. Raises what kept it from that."""
        try:
            problem: ScrubError | None = self.connection.recv()
        except (EOFError, OSError) as error:
            raise InternalError("a worker process ended before it began", "try again with --jobs 1") from error
        if problem is not None:
            raise problem

    def clean(self, inputs: Sequence[Input]) -> Iterator[Outcome]:
        """The outcomes, in order; they end early where the process does, or is late and ended."""
        try:
            self.connection.send(inputs)
            for _ in inputs:
                if not self.connection.poll(self.seconds):
                    self.is_late = True
                    self.process.kill()
                    break
                yield self.connection.recv()
            else:
                return
            self.process.join()
        except (EOFError, OSError):
            self.process.join()

    def clean_one(self, one: Input) -> Outcome:
        """The outcome of one input, whatever becomes of the process."""
        return next(self.clean([one]), None) or self.loss(one)

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.process.kill()
        self.process.join()

    def loss(self, one: Input) -> Outcome:
        """The outcome of the input at which the process died or was ended."""
        if self.is_late:
            return Outcome(name_of(one), error=TimeLimitError(f"it took longer than {self.seconds:g} seconds"))
        code = self.process.exitcode or 0
        how = f"was killed (signal {-code})" if code < 0 else f"ended (status {code})"
        advice = "it may need more memory than there is: try it alone; else report it with the input"
        return Outcome(name_of(one), error=InternalError(f"the process that cleaned it {how}", advice))


class _Crew:
    """The processes, the threads that speak with them, and the batches between them."""

    def __init__(self, start: Start, jobs: int, seconds: float) -> None:
        self.start = start
        self.seconds = seconds
        self.jobs = jobs
        self.in_order: SimpleQueue[_Batch | None] = SimpleQueue()
        self.to_do: SimpleQueue[_Batch | None] = SimpleQueue()
        self.room = Semaphore(IN_FLIGHT * jobs)
        self.lock = Lock()
        self.workers: list[Worker] = []
        self.ended = False

    def begin(self, batches: Iterable[Sequence[Input]]) -> None:
        """Start the threads; a process starts with its thread's first batch."""
        ensure_running()  # multiprocessing's own process: starting it undoes what the threads do to signals
        Thread(target=self._read, args=(iter(batches),), daemon=True).start()
        for _ in range(self.jobs):
            Thread(target=self._direct, daemon=True).start()

    def end(self) -> None:
        """Kill the processes: the threads see their end and end too."""
        with self.lock:
            self.ended = True
            for worker in self.workers:
                worker.process.kill()
        for worker in self.workers:
            worker.process.join()

    def _read(self, batches: Iterator[Sequence[Input]]) -> None:
        leave_interrupts_to_the_main_thread()
        try:
            while self.room.acquire() and (inputs := next(batches, None)) is not None:
                batch = _Batch(inputs)
                self.in_order.put(batch)
                self.to_do.put(batch)
        except Exception as error:  # noqa: BLE001  # raised again in the main thread
            failed = _Batch([""])
            failed.outcomes.put(error)
            self.in_order.put(failed)
        for queue in (self.in_order, *[self.to_do] * self.jobs):
            queue.put(None)

    def _direct(self) -> None:
        leave_interrupts_to_the_main_thread()
        worker: Worker | None = None
        while (batch := self.to_do.get()) is not None:
            try:
                worker = self._clean(batch, worker)
            except Exception as error:  # noqa: BLE001  # raised again in the main thread
                batch.outcomes.put(error)

    def _clean(self, batch: _Batch, worker: Worker | None) -> Worker | None:
        """Have a batch cleaned, in a new process where there is none or it died; the last one comes back."""
        left = batch.inputs
        while left:
            if worker is None or not worker.process.is_alive():
                worker = self._hire()
            done = 0
            for outcome in worker.clean(left):
                batch.outcomes.put(outcome)
                done += 1
            if done < len(left):
                batch.outcomes.put(worker.loss(left[done]))
            left = left[done + 1 :]
        return worker

    def _hire(self) -> Worker:
        with self.lock:
            if self.ended:
                raise InternalError("ended", "")
            worker = _started(self.start, self.seconds)
            self.workers.append(worker)
        worker.greet()
        return worker


def _started(start: Start, seconds: float) -> Worker:
    try:
        return Worker(start, seconds)
    except OSError as error:
        advice = "end other programs, or raise the limit of `ulimit -u`"
        raise InternalError(f"cannot start a process: {error}", advice) from error


@contextmanager
def _without_interrupts() -> Iterator[None]:
    ensure_running()
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_interrupts_to_the_main_thread() -> None:
    """Block Ctrl-C in this thread and in the processes that it starts, which inherit that."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _serve(connection: Connection, start: Start) -> None:
    """What a process does: clean the batches that come until nobody is there to send one."""
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        work = start()
    except ScrubError as error:
        connection.send(error)
        return
    connection.send(None)
    try:
        while True:
            for one in connection.recv():
                connection.send(work(one))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    """End this process when the one that started it has been killed, whatever it is at."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
